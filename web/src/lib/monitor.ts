// What the live monitor of a Kubernetes step says, folded into one picture. The same messages give the same picture,
// whether they come one by one or begin with a snapshot.

export interface Seen {
  kind: string
  namespace?: string | null | undefined
  name: string
}

export type PodState = 'ready' | 'progressing' | 'stuck' | 'failed' | 'unknown' | 'going'

export interface PodSquare {
  name: string
  state: PodState
  text: string
  restarts: number
  node?: string | null | undefined
}

export interface Revision {
  name: string
  new: boolean
  pods: PodSquare[]
}

export interface Rollout {
  object: Seen
  wanted: number
  /** The new one first. */
  revisions: Revision[]
}

export interface Waiting {
  for: string
  objects: Seen[]
}

export interface Evidence {
  from: 'condition' | 'state' | 'event' | 'log' | 'answer' | 'quota' | 'diff'
  object: Seen
  text: string
  at?: string | null | undefined
  times: number
}

export interface Verdict {
  outcome: 'ready' | 'failed'
  cause?: string | null | undefined
  object?: Seen | null | undefined
  summary: string
  evidence: Evidence[]
  advice?: string | null | undefined
  remarks?: string[] | undefined
  /** It happened in a simulated cluster. */
  simulated?: boolean | undefined
}

export interface Happening {
  at: string
  object: Seen
  /** `Warning` or `Normal`, as the cluster has it. */
  kind: string
  reason: string
  text: string
  times: number
}

/** The last words of a container. */
export interface Tail {
  pod: string
  container: string
  previous: boolean
  lines: string[]
}

export type Message =
  | {
      type: 'snapshot'
      at: string
      /** The name of the cluster that is watched. */
      cluster?: string | null
      rollouts: Rollout[]
      waiting?: Waiting | null
      events?: Happening[]
      logs?: Tail[]
      verdict?: Verdict | null
      ended?: boolean
    }
  | { type: 'rollout'; at: string; rollouts: Rollout[]; waiting?: Waiting | null }
  | { type: 'pod'; at: string; object: Seen; revision: string; pod?: PodSquare | null; gone?: string | null }
  | ({ type: 'event' } & Happening)
  | ({ type: 'log'; at: string } & Tail)
  | { type: 'verdict'; at: string; verdict: Verdict }
  | { type: 'end'; at: string }

export interface View {
  /** Nothing has been told yet. */
  empty: boolean
  cluster: string | null
  rollouts: Rollout[]
  waiting: Waiting | null
  /** The oldest first; one that comes again is counted, not repeated. */
  events: Happening[]
  logs: Tail[]
  verdict: Verdict | null
  ended: boolean
  /** Of the last message. */
  at: string | null
}

export const NOTHING: View = {
  empty: true,
  cluster: null,
  rollouts: [],
  waiting: null,
  events: [],
  logs: [],
  verdict: null,
  ended: false,
  at: null,
}

const MOST_EVENTS = 500
const MOST_LINES = 400

/** The picture after one more message. What is not understood changes nothing. */
export function fold(view: View, message: Message): View {
  const next = { ...view, empty: false, at: message.at }
  switch (message.type) {
    case 'snapshot':
      return {
        ...next,
        cluster: message.cluster ?? view.cluster,
        rollouts: message.rollouts ?? [],
        waiting: message.waiting ?? null,
        events: (message.events ?? []).reduce(happened, []),
        logs: (message.logs ?? []).map(short),
        verdict: message.verdict ?? null,
        ended: message.ended ?? false,
      }
    case 'rollout':
      return { ...next, rollouts: message.rollouts, waiting: message.waiting ?? null }
    case 'pod':
      return {
        ...next,
        rollouts: view.rollouts.map(one => (same(one.object, message.object) ? moved(one, message) : one)),
      }
    case 'event':
      return { ...next, events: happened(view.events, message) }
    case 'log':
      return { ...next, logs: said(view.logs, message) }
    case 'verdict':
      return { ...next, verdict: message.verdict, waiting: null }
    case 'end':
      return { ...next, ended: true, waiting: null }
    default:
      return view
  }
}

/** A message as it came over the wire; nothing when it is none. */
export function readMessage(data: unknown): Message | null {
  if (typeof data !== 'string') return null
  try {
    const found: unknown = JSON.parse(data)
    const typed = typeof found === 'object' && found !== null && 'type' in found && typeof found.type === 'string'
    return typed ? (found as Message) : null
  } catch {
    return null
  }
}

const same = (one: Seen, other: Seen) =>
  one.kind === other.kind && one.name === other.name && (one.namespace ?? '') === (other.namespace ?? '')

function moved(rollout: Rollout, message: Extract<Message, { type: 'pod' }>): Rollout {
  const { pod, gone, revision } = message
  const name = pod?.name ?? gone
  const known = rollout.revisions.some(one => one.name === revision)
  const revisions = known || !pod ? rollout.revisions : [...rollout.revisions, { name: revision, new: false, pods: [] }]
  return {
    ...rollout,
    revisions: revisions.map(one => {
      const others = one.pods.filter(other => other.name !== name)
      if (one.name !== revision) return others.length === one.pods.length ? one : { ...one, pods: others }
      const pods = pod ? [...others, pod].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)) : others
      return { ...one, pods }
    }),
  }
}

function happened(events: Happening[], { at, object, kind, reason, text, times }: Happening): Happening[] {
  const fresh: Happening = { at, object, kind, reason, text, times }
  const others = events.filter(one => !(same(one.object, object) && one.reason === reason && one.text === text))
  const known = events.length - others.length
  const all = [...others, known > 0 ? { ...fresh, times: Math.max(times, 1) } : fresh]
  return all.slice(-MOST_EVENTS)
}

const short = ({ pod, container, previous, lines }: Tail): Tail => ({
  pod,
  container,
  previous,
  lines: lines.slice(-MOST_LINES),
})

function said(logs: Tail[], message: Tail): Tail[] {
  const is = (one: Tail) =>
    one.pod === message.pod && one.container === message.container && one.previous === message.previous
  const fresh = short(message)
  return logs.some(is) ? logs.map(one => (is(one) ? fresh : one)) : [...logs, fresh]
}

/** How many pods of a rollout are in which state; the states that matter most first. */
export function tally(rollout: Rollout): { state: PodState; count: number }[] {
  const order: PodState[] = ['failed', 'stuck', 'progressing', 'ready', 'going', 'unknown']
  const pods = rollout.revisions.flatMap(one => one.pods)
  return order.flatMap(state => {
    const count = pods.filter(pod => pod.state === state).length
    return count > 0 ? [{ state, count }] : []
  })
}

/** What the picture is about in one number: the new pods that are ready. */
export function readyOf(rollout: Rollout): number {
  return rollout.revisions
    .filter(one => one.new)
    .flatMap(one => one.pods)
    .filter(pod => pod.state === 'ready').length
}
