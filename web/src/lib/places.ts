// What of a page stands in its URL, and how it is read from there. Unknown and empty values are left out.

import { flag, listOf, oneOf, positive, text } from './search'
import { RUN_STATUSES, type RunStatus } from './status'

type Raw = Record<string, unknown>

export interface LoginSearch {
  /** Where to go after signing in: a path of this site. */
  next?: string | undefined
}
export function loginSearch(raw: Raw): LoginSearch {
  return { next: localPath(raw.next) }
}

/** Only paths of this site: neither `//other.example` nor `/\other.example` nor `https:` lead anywhere. */
export function localPath(value: unknown): string | undefined {
  const path = text(value)
  return path && /^\/(?![/\\])/.test(path) && !/[\t\n\r\\]/.test(path) ? path : undefined
}

export const TRIGGERS = ['manual', 'api', 'webhook', 'schedule', 'retry'] as const
export const PERIODS = ['1h', '24h', '7d', '30d'] as const

export interface RunsSearch {
  pipeline?: string | undefined
  status?: RunStatus[] | undefined
  branch?: string | undefined
  by?: string | undefined
  trigger?: (typeof TRIGGERS)[number] | undefined
  search?: string | undefined
  period?: (typeof PERIODS)[number] | undefined
}
export function runsSearch(raw: Raw): RunsSearch {
  return {
    pipeline: text(raw.pipeline),
    status: listOf(raw.status, RUN_STATUSES),
    branch: text(raw.branch),
    by: text(raw.by),
    trigger: oneOf(raw.trigger, TRIGGERS),
    search: text(raw.search),
    period: oneOf(raw.period, PERIODS),
  }
}

export const STEP_TABS = ['rollout', 'log', 'outputs', 'artifacts', 'details'] as const
export type StepTab = (typeof STEP_TABS)[number]

export interface RunSearch {
  step?: string | undefined
  attempt?: number | undefined
  tab?: StepTab | undefined
  view?: 'graph' | undefined
  /** `12` or `12-20`. */
  line?: string | undefined
}
export function runSearch(raw: Raw): RunSearch {
  const line = text(raw.line)
  return {
    step: text(raw.step),
    attempt: positive(raw.attempt),
    tab: oneOf(raw.tab, STEP_TABS),
    view: oneOf(raw.view, ['graph'] as const),
    line: line && /^\d{1,9}(-\d{1,9})?$/.test(line) ? line : undefined,
  }
}

export const PIPELINE_SORTS = ['name', 'updated', 'last_run'] as const

export interface PipelinesSearch {
  search?: string | undefined
  sort?: (typeof PIPELINE_SORTS)[number] | undefined
}
export function pipelinesSearch(raw: Raw): PipelinesSearch {
  return { search: text(raw.search), sort: oneOf(raw.sort, PIPELINE_SORTS) }
}

export interface EditSearch {
  /** The chosen step of the picture. */
  step?: string | undefined
  view?: 'text' | 'visual' | undefined
}
export function editSearch(raw: Raw): EditSearch {
  return { step: text(raw.step), view: oneOf(raw.view, ['text', 'visual'] as const) }
}

export interface PipelineSearch {
  days?: number | undefined
  /** Opens the dialogue that starts a run. */
  run?: true | undefined
}
export function pipelineSearch(raw: Raw): PipelineSearch {
  return { days: positive(raw.days), run: flag(raw.run) }
}

export interface VersionsSearch {
  /** Two versions beside each other. */
  from?: number | undefined
  to?: number | undefined
}
export function versionsSearch(raw: Raw): VersionsSearch {
  return { from: positive(raw.from), to: positive(raw.to) }
}

export interface DeliveriesSearch {
  pipeline?: string | undefined
}
export function deliveriesSearch(raw: Raw): DeliveriesSearch {
  return { pipeline: text(raw.pipeline) }
}

export interface RegistriesSearch {
  /** The registry whose form is open: its id, or `new`. */
  edit?: string | undefined
}
export function registriesSearch(raw: Raw): RegistriesSearch {
  return { edit: text(raw.edit) }
}

export interface RegistrySearch {
  /** Only repositories whose name has this in it. */
  search?: string | undefined
  /** The chosen repository, and the opened one of its tags. */
  repository?: string | undefined
  tag?: string | undefined
  /** Only tags that have this in them. */
  filter?: string | undefined
}
export function registrySearch(raw: Raw): RegistrySearch {
  return {
    search: text(raw.search),
    repository: text(raw.repository),
    tag: text(raw.tag),
    filter: text(raw.filter),
  }
}

export interface ObjectsSearch {
  namespace?: string | undefined
  search?: string | undefined
  /** A label selector: `app=web`. */
  labels?: string | undefined
}
export function objectsSearch(raw: Raw): ObjectsSearch {
  return { namespace: text(raw.namespace), search: text(raw.search), labels: text(raw.labels) }
}

export interface AuditSearch {
  /** A word as the server has it: `secret.reveal`. */
  action?: string | undefined
  /** A part of what it was done to. */
  object?: string | undefined
}
export function auditSearch(raw: Raw): AuditSearch {
  return { action: text(raw.action), object: text(raw.object) }
}

export interface CreateSearch {
  namespace?: string | undefined
  /** The kind, as in an address, of which an example stands there first. */
  kind?: string | undefined
}
export function createSearch(raw: Raw): CreateSearch {
  return { namespace: text(raw.namespace), kind: text(raw.kind) }
}

export const OBJECT_TABS = ['yaml', 'events', 'logs', 'terminal', 'history'] as const
export type ObjectTab = (typeof OBJECT_TABS)[number]

export interface ObjectSearch {
  tab?: ObjectTab | undefined
}
export function objectSearch(raw: Raw): ObjectSearch {
  return { tab: oneOf(raw.tab, OBJECT_TABS) }
}

export interface TabSearch {
  tab?: string | undefined
}
export function tabSearch(raw: Raw): TabSearch {
  return { tab: text(raw.tab) }
}
