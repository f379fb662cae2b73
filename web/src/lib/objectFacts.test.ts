import { describe, expect, it } from 'vitest'
import { objectFacts } from './objectFacts'

const POD = `
apiVersion: v1
kind: Pod
metadata:
  name: web-1
  namespace: shop
  annotations:
    team: tea
    kubectl.kubernetes.io/last-applied-configuration: '{}'
  ownerReferences:
    - { apiVersion: apps/v1, kind: ReplicaSet, name: web-6f }
spec:
  nodeName: node-1
  initContainers: [{ name: wait, image: busybox }]
  containers: [{ name: app, image: 'web:1' }, { name: side, image: 'side:2' }]
status:
  phase: Running
  podIP: 10.0.0.7
  conditions:
    - { type: Ready, status: "False", reason: ContainersNotReady, message: 'containers with unready status: [app]', lastTransitionTime: "2026-11-22T04:00:00Z" }
  initContainerStatuses: [{ name: wait, ready: true, restartCount: 0, state: { terminated: { reason: Completed, exitCode: 0 } } }]
  containerStatuses:
    - { name: app, ready: false, restartCount: 4, state: { waiting: { reason: CrashLoopBackOff } } }
`

describe('what people look for first in an object', () => {
  it('is where a pod runs, whose it is and how its containers do', () => {
    const { facts, owners, containers, conditions, annotations } = objectFacts(POD)
    expect(facts).toEqual([
      { name: 'phase', value: 'Running' },
      { name: 'node', value: 'node-1' },
      { name: 'podIp', value: '10.0.0.7' },
    ])
    expect(owners).toEqual([{ kind: 'ReplicaSet', namespace: 'shop', name: 'web-6f' }])
    expect(containers).toEqual([
      { name: 'wait', image: 'busybox', init: true, state: 'terminated: Completed (0)', ready: true, restarts: 0 },
      { name: 'app', image: 'web:1', init: false, state: 'waiting: CrashLoopBackOff', ready: false, restarts: 4 },
      { name: 'side', image: 'side:2', init: false, state: null, ready: null, restarts: 0 },
    ])
    expect(conditions[0]).toMatchObject({ type: 'Ready', status: 'False', reason: 'ContainersNotReady' })
    expect(annotations).toEqual([['team', 'tea']])
  })

  it('is how many replicas of a Deployment are ready, and how they are replaced', () => {
    const text = `
kind: Deployment
spec:
  replicas: 3
  strategy: { type: RollingUpdate, rollingUpdate: { maxSurge: 25%, maxUnavailable: 0 } }
  selector: { matchLabels: { app: web, tier: front } }
  template: { spec: { containers: [{ name: app, image: 'web:1' }] } }
status: { readyReplicas: 2 }
`
    expect(objectFacts(text).facts).toEqual([
      { name: 'replicas', value: '2 / 3' },
      { name: 'strategy', value: 'RollingUpdate (maxSurge 25%, maxUnavailable 0)' },
      { name: 'selector', value: 'app=web, tier=front' },
    ])
    expect(objectFacts(text).containers).toMatchObject([{ name: 'app', image: 'web:1', state: null }])
  })

  it('is whether a CronJob is held back, and what it would run', () => {
    const text = `
kind: CronJob
spec:
  schedule: "0 3 * * *"
  suspend: true
  jobTemplate: { spec: { template: { spec: { containers: [{ name: dump, image: pg }] } } } }
`
    const found = objectFacts(text)
    expect(found.suspended).toBe(true)
    expect(found.facts).toEqual([{ name: 'schedule', value: '0 3 * * *' }])
    expect(found.containers).toMatchObject([{ name: 'dump', image: 'pg' }])
  })

  it('is what an Ingress leads to, and what a ConfigMap holds', () => {
    const ingress = `
kind: Ingress
spec:
  rules:
    - host: tea.example.com
      http: { paths: [{ path: /api, backend: { service: { name: api, port: { number: 80 } } } }] }
`
    expect(objectFacts(ingress).facts).toEqual([{ name: 'rules', value: 'tea.example.com/api → api:80' }])
    expect(objectFacts('kind: ConfigMap\ndata: { a: "1", b: two }').data).toEqual([
      ['a', '1'],
      ['b', 'two'],
    ])
    // A Secret's values are shown by another door.
    expect(objectFacts('kind: Secret\ndata: { a: "<hidden: 3 bytes>" }').data).toEqual([])
  })

  it('is nothing where there is no object', () => {
    for (const text of ['', '- 1', 'a: [', 'kind: Pod\nspec: 3\nstatus: no']) {
      expect(objectFacts(text).facts).toEqual([])
      expect(objectFacts(text).containers).toEqual([])
    }
  })
})
