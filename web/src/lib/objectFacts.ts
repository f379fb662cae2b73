// What people look for first in an object, out of its YAML: whose it is, how it is set up, what its controller says of it.

import { parse } from 'yaml'
import type { Seen } from './monitor'

type Json = Record<string, unknown>

/** Words of `fact.` in the texts of the page. */
export type FactName =
  | 'replicas'
  | 'strategy'
  | 'selector'
  | 'phase'
  | 'node'
  | 'podIp'
  | 'account'
  | 'qos'
  | 'completions'
  | 'parallelism'
  | 'suspended'
  | 'schedule'
  | 'timeZone'
  | 'lastSchedule'
  | 'type'
  | 'clusterIp'
  | 'class'
  | 'rules'
  | 'capacity'
  | 'storageClass'
  | 'volume'
  | 'nodeIp'
  | 'system'
  | 'kubelet'
  | 'runtime'
  | 'cpu'
  | 'memory'

export interface Condition {
  type: string
  status: string
  reason: string
  message: string
  at: string | null
}
export interface ContainerFacts {
  name: string
  image: string
  /** It runs before the others. */
  init: boolean
  /** Only of a pod: `running`, `waiting: CrashLoopBackOff`, `terminated: Error (1)`. */
  state: string | null
  ready: boolean | null
  restarts: number
}
export interface ObjectFacts {
  facts: { name: FactName; value: string }[]
  owners: Seen[]
  containers: ContainerFacts[]
  conditions: Condition[]
  annotations: [string, string][]
  /** What a ConfigMap holds. */
  data: [string, string][]
  /** Of a Job or a CronJob: whether it is held back. */
  suspended: boolean
}

const NOTHING: ObjectFacts = {
  facts: [],
  owners: [],
  containers: [],
  conditions: [],
  annotations: [],
  data: [],
  suspended: false,
}

const map = (value: unknown): Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {}
const list = (value: unknown): Json[] => (Array.isArray(value) ? value.map(map) : [])
const word = (value: unknown): string =>
  typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? String(value) : ''
const count = (value: unknown): number => (typeof value === 'number' ? value : 0)
const texts = (value: unknown): [string, string][] =>
  Object.entries(map(value)).map(([key, one]) => [key, word(one)] as [string, string])
const pairs = (value: unknown): string =>
  texts(value)
    .map(([key, one]) => `${key}=${one}`)
    .join(', ')

/** Long values of machines, which nobody reads here. */
const HIDDEN = new Set(['kubectl.kubernetes.io/last-applied-configuration'])

/** A text that is no object has no facts. */
export function objectFacts(text: string): ObjectFacts {
  let read: unknown
  try {
    read = parse(text, { maxAliasCount: 0 })
  } catch {
    return NOTHING
  }
  const object = map(read)
  const [metadata, spec, status] = [map(object.metadata), map(object.spec), map(object.status)]
  const kind = word(object.kind)
  const found = FACTS[kind]?.(spec, status, metadata) ?? []
  return {
    facts: found.filter((one): one is { name: FactName; value: string } => one.value !== ''),
    owners: list(metadata.ownerReferences).map(one => ({
      kind: word(one.kind),
      namespace: word(metadata.namespace) || null,
      name: word(one.name),
    })),
    containers: containersOf(kind, spec, status),
    conditions: list(status.conditions).map(one => ({
      type: word(one.type),
      status: word(one.status),
      reason: word(one.reason),
      message: word(one.message),
      at: word(one.lastTransitionTime) || null,
    })),
    annotations: texts(metadata.annotations).filter(([name]) => !HIDDEN.has(name)),
    data: kind === 'ConfigMap' ? texts(object.data) : [],
    suspended: spec.suspend === true,
  }
}

type Found = { name: FactName; value: string }[]
const fact = (name: FactName, value: unknown) => ({ name, value: word(value) })
const selector = (spec: Json) => fact('selector', pairs(map(spec.selector).matchLabels))
const replicas = (spec: Json, status: Json) =>
  fact('replicas', `${count(status.readyReplicas)} / ${spec.replicas === undefined ? 1 : word(spec.replicas)}`)

const FACTS: Record<string, (spec: Json, status: Json, metadata: Json) => Found> = {
  Deployment: (spec, status) => [
    replicas(spec, status),
    fact('strategy', strategy(map(spec.strategy))),
    selector(spec),
  ],
  ReplicaSet: (spec, status) => [replicas(spec, status), selector(spec)],
  StatefulSet: (spec, status) => [
    replicas(spec, status),
    fact('strategy', map(spec.updateStrategy).type),
    selector(spec),
  ],
  DaemonSet: (spec, status) => [
    fact('replicas', `${count(status.numberReady)} / ${count(status.desiredNumberScheduled)}`),
    fact('strategy', map(spec.updateStrategy).type),
    selector(spec),
  ],
  Pod: (spec, status) => [
    fact('phase', status.phase),
    fact('node', spec.nodeName),
    fact('podIp', status.podIP),
    fact('account', spec.serviceAccountName),
    fact('qos', status.qosClass),
  ],
  Job: (spec, status) => [
    fact('completions', `${count(status.succeeded)} / ${spec.completions === undefined ? 1 : word(spec.completions)}`),
    fact('parallelism', spec.parallelism),
  ],
  CronJob: (spec, status) => [
    fact('schedule', spec.schedule),
    fact('timeZone', spec.timeZone),
    fact('lastSchedule', status.lastScheduleTime),
  ],
  Service: spec => [fact('type', spec.type), fact('clusterIp', spec.clusterIP), fact('selector', pairs(spec.selector))],
  Ingress: spec => [fact('class', spec.ingressClassName), fact('rules', list(spec.rules).flatMap(rules).join('\n'))],
  PersistentVolumeClaim: (spec, status) => [
    fact('phase', status.phase),
    fact('capacity', map(status.capacity).storage ?? map(map(spec.resources).requests).storage),
    fact('storageClass', spec.storageClassName),
    fact('volume', spec.volumeName),
  ],
  Node: (_, status) => {
    const [info, all] = [map(status.nodeInfo), map(status.capacity)]
    const ip = list(status.addresses).find(one => one.type === 'InternalIP')
    return [
      fact('nodeIp', ip?.address),
      fact('kubelet', info.kubeletVersion),
      fact('system', info.osImage),
      fact('runtime', info.containerRuntimeVersion),
      fact('cpu', all.cpu),
      fact('memory', all.memory),
    ]
  },
}

function strategy(wanted: Json): string {
  const { maxSurge, maxUnavailable } = map(wanted.rollingUpdate)
  const numbers = [
    maxSurge === undefined ? '' : `maxSurge ${word(maxSurge)}`,
    maxUnavailable === undefined ? '' : `maxUnavailable ${word(maxUnavailable)}`,
  ].filter(Boolean)
  return [word(wanted.type), numbers.length > 0 ? `(${numbers.join(', ')})` : ''].filter(Boolean).join(' ')
}

/** `shop.example.com/api → api:80`. */
function rules(rule: Json): string[] {
  return list(map(rule.http).paths).map(path => {
    const service = map(map(path.backend).service)
    const port = map(service.port)
    return `${word(rule.host) || '*'}${word(path.path)} → ${word(service.name)}:${word(port.number) || word(port.name)}`
  })
}

function containersOf(kind: string, spec: Json, status: Json): ContainerFacts[] {
  const job = kind === 'CronJob' ? map(map(spec.jobTemplate).spec) : spec
  const pod = kind === 'Pod' ? spec : map(map(job.template).spec)
  const states = [...list(status.initContainerStatuses), ...list(status.containerStatuses)]
  const one = (init: boolean) => (container: Json) => {
    const seen = states.find(state => state.name === container.name)
    return {
      name: word(container.name),
      image: word(container.image),
      init,
      state: seen ? stateOf(map(seen.state)) : null,
      ready: seen ? seen.ready === true : null,
      restarts: count(seen?.restartCount),
    }
  }
  return [...list(pod.initContainers).map(one(true)), ...list(pod.containers).map(one(false))]
}

function stateOf(state: Json): string {
  const [name, about] = Object.entries(state)[0] ?? ['', {}]
  const { reason, exitCode } = map(about)
  const why = [word(reason), name === 'terminated' && exitCode !== undefined ? `(${word(exitCode)})` : '']
  const said = why.filter(Boolean).join(' ')
  return said ? `${name}: ${said}` : name
}
