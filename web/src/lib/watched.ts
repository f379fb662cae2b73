// What a step waits for in a cluster, and how that ended.

import type { Verdict, Waiting } from './monitor'

/** Steps that watch a rollout, whatever came of it. */
const WATCHING = new Set(['k8s_deploy', 'k8s_scale', 'k8s_delete', 'k8s_wait'])

export interface Watched {
  waiting: Waiting | null
  verdict: Verdict | null
}

/** What a step's view says of it; a server that does not speak of it says nothing. */
export function watchedOf(step: object): Watched {
  const { waiting, verdict } = step as Partial<Watched>
  return { waiting: waiting ?? null, verdict: verdict ?? null }
}

/** Whether a step has something to show of a rollout. */
export function isWatching(step: { type: string; attempts: readonly unknown[] }): boolean {
  const { waiting, verdict } = watchedOf(step)
  return verdict !== null || waiting !== null || (WATCHING.has(step.type) && step.attempts.length > 0)
}
