// How the things of a cluster look and are named: states, ages, quantities, kinds.

import type { ClusterState, KindView } from './kubeApi'
import type { PodState, Seen } from './monitor'
import type { AnyStatus, Tone } from './status'

/** Each state has the shape and the colour of a status that people know from runs. */
const SHAPES: Record<PodState | ClusterState, AnyStatus> = {
  ready: 'success',
  progressing: 'running',
  stuck: 'waiting',
  failed: 'failed',
  unknown: 'pending',
  going: 'cancelled',
  connected: 'success',
  disconnected: 'timed_out',
  error: 'failed',
}
const TONES: Record<PodState | ClusterState, Tone> = {
  ready: 'good',
  progressing: 'busy',
  stuck: 'hold',
  failed: 'bad',
  unknown: 'quiet',
  going: 'quiet',
  connected: 'good',
  disconnected: 'bad',
  error: 'bad',
}

/** A word that this page does not know yet is shown as unknown. */
export const shapeOf = (state: string): AnyStatus => SHAPES[state as PodState] ?? 'pending'
export const toneOf = (state: string): Tone => TONES[state as PodState] ?? 'quiet'

/** `Pod/web-1`, as the command line says it. */
export const named = (object: Seen): string => `${object.kind}/${object.name}`

const AGES: [string, number][] = [
  ['d', 86_400],
  ['h', 3_600],
  ['m', 60],
  ['s', 1],
]

/** `12s`, `5m`, `3h20m`, `2d4h`, `120d`, as people who know clusters read ages. */
export function age(created: string | null, now: number): string {
  if (created === null) return '–'
  const seconds = Math.max(0, Math.floor((now - Date.parse(created)) / 1000))
  if (Number.isNaN(seconds)) return '–'
  const first = AGES.findIndex(([, size]) => seconds >= size)
  const [unit, size] = AGES[first] ?? ['s', 1]
  const whole = Math.floor(seconds / size)
  const next = AGES[first + 1]
  const rest = next && whole < 10 && unit !== 'm' ? Math.floor((seconds - whole * size) / next[1]) : 0
  return rest > 0 && next ? `${whole}${unit}${rest}${next[0]}` : `${whole}${unit}`
}

const SUFFIXES: Record<string, number> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
}

/** `500m` → 0.5, `64Mi` → 67108864, `1e3` → 1000; undefined: no quantity. */
export function quantity(text: string): number | undefined {
  const found = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)(n|u|m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?$/.exec(text.trim())
  const scale = found ? SUFFIXES[found[2] ?? ''] : undefined
  return found && scale !== undefined ? Number(found[1]) * scale : undefined
}

const core = (plural: string, kind: string, namespaced = true): KindView => known('', 'v1', plural, kind, namespaced)
const apps = (plural: string, kind: string): KindView => known('apps', 'v1', plural, kind, true)
function known(group: string, version: string, plural: string, kind: string, namespaced: boolean): KindView {
  return { group, version, kind, plural, namespaced, verbs: [] }
}

/** The kinds that have a place of their own, in the order in which people look for them. */
export const KNOWN: readonly KindView[] = [
  apps('deployments', 'Deployment'),
  apps('statefulsets', 'StatefulSet'),
  apps('daemonsets', 'DaemonSet'),
  known('batch', 'v1', 'jobs', 'Job', true),
  known('batch', 'v1', 'cronjobs', 'CronJob', true),
  core('pods', 'Pod'),
  core('services', 'Service'),
  known('networking.k8s.io', 'v1', 'ingresses', 'Ingress', true),
  core('configmaps', 'ConfigMap'),
  core('secrets', 'Secret'),
  core('persistentvolumeclaims', 'PersistentVolumeClaim'),
  core('events', 'Event'),
  core('namespaces', 'Namespace', false),
  core('nodes', 'Node', false),
]

/** What stands for a kind in an address: `deployments`, `certificates.cert-manager.io`. */
export function slugOf(kind: Pick<KindView, 'plural' | 'group'>): string {
  const own = KNOWN.find(one => one.plural === kind.plural)
  return own?.group === kind.group || kind.group === '' ? kind.plural : `${kind.plural}.${kind.group}`
}

/** The kind of an address, among those of the cluster, or those that every cluster has. */
export function kindOf(slug: string, kinds: readonly KindView[] = []): KindView | undefined {
  return [...KNOWN, ...kinds].find(kind => slugOf(kind) === slug)
}

/** The address of an object that something speaks of by its kind only; nothing where only the cluster knows it. */
export function slugOfWord(word: string): string | undefined {
  const found = KNOWN.find(kind => kind.kind === word)
  return found?.plural ?? OTHERS[word]
}

/** Kinds that every cluster has and others speak of, without a place in the navigation. */
const OTHERS: Record<string, string> = {
  ReplicaSet: 'replicasets.apps',
  ControllerRevision: 'controllerrevisions.apps',
  ReplicationController: 'replicationcontrollers',
  ServiceAccount: 'serviceaccounts',
  PersistentVolume: 'persistentvolumes',
  EndpointSlice: 'endpointslices.discovery.k8s.io',
  HorizontalPodAutoscaler: 'horizontalpodautoscalers.autoscaling',
  PodDisruptionBudget: 'poddisruptionbudgets.policy',
}

/** A kind by any word that people have for it: `deployment`, `Deployments`, `certificate`. */
export function kindOfWord(word: string, kinds: readonly KindView[] = []): KindView | undefined {
  const wanted = word.toLowerCase()
  return [...KNOWN, ...kinds].find(kind => kind.kind.toLowerCase() === wanted || kind.plural === wanted)
}

/** What can be done to objects of a kind besides reading, editing and deleting them. */
export const SCALED = new Set(['deployments', 'statefulsets'])
export const SUSPENDED = new Set(['jobs', 'cronjobs'])
export const RESTARTED = new Set(['deployments', 'statefulsets', 'daemonsets'])
export const LOGGED = new Set(['pods', 'deployments', 'statefulsets', 'daemonsets', 'jobs'])
