// Windows of a step's log. The log viewer keeps them itself: a log of a million lines has no place in the query cache.

import { get } from './client'
import type { LogHits, LogPage } from './types'

export interface LogSource {
  run: string
  step: string
  /** Left out: the latest. */
  attempt?: number | undefined
}

const at = encodeURIComponent
const path = ({ run, step }: LogSource) => `runs/${at(run)}/steps/${at(step)}/log`

/** `count` lines from line number `first` (from 1). */
export const logLines = (source: LogSource, first: number, count: number, signal?: AbortSignal): Promise<LogPage> =>
  get(`${path(source)}/lines`, { attempt: source.attempt, first, count }, signal)

export const logTail = (source: LogSource, tail: number, signal?: AbortSignal): Promise<LogPage> =>
  get(`${path(source)}/lines`, { attempt: source.attempt, tail }, signal)

export interface LogQuestion {
  q: string
  regex?: boolean
  case?: boolean
  limit?: number
}
export const logSearch = (source: LogSource, question: LogQuestion, signal?: AbortSignal): Promise<LogHits> =>
  get(`${path(source)}/search`, { attempt: source.attempt, ...question }, signal)
