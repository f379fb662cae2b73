// Samples of what the API says of clusters and of what is in them.

import type * as K from '../src/lib/kubeApi'
import type { Message } from '../src/lib/monitor'
import { ago, runSummary, step } from './fixtures'

export const cluster: K.ClusterView = {
  id: 'cl_1',
  name: 'staging',
  description: 'Where every branch is tried out',
  kind: 'k3s',
  server: 'https://10.0.0.5:6443',
  auth: 'token',
  facts: { subject: 'system:serviceaccount:ci:deployer', expires_at: ago(-8_000_000), context: null },
  has_ca: true,
  verify_tls: true,
  tls_server_name: null,
  proxy: null,
  namespace: 'shop',
  simulated: true,
  state: 'connected',
  state_since: ago(260_000),
  good_at: ago(20),
  checked_at: ago(20),
  check_code: null,
  check_message: null,
  version: 'v1.34.9+ansflow.simulated',
  nodes: 3,
  nodes_ready: 3,
  pods: 43,
  pods_running: 41,
  username: 'system:serviceaccount:ci:deployer',
  created_at: ago(900_000),
  updated_at: ago(90_000),
  updated_by: 'mona',
}
export const clusters: K.ClusterView[] = [
  cluster,
  {
    ...cluster,
    id: 'cl_2',
    name: 'edge',
    description: '',
    kind: 'eks',
    server: 'https://edge.example.com',
    auth: 'kubeconfig',
    facts: { context: 'admin', expires_at: ago(50_000) },
    verify_tls: false,
    simulated: false,
    state: 'error',
    state_since: ago(720),
    good_at: ago(900),
    check_code: 'unauthorized',
    check_message: 'the token is not accepted (401); it ended on 2026-03-01',
    version: 'v1.33.1',
    nodes: null,
    nodes_ready: null,
    pods: null,
    pods_running: null,
    username: null,
  },
]

const seen = (kind: string, name: string, namespace: string | null = 'shop') => ({ kind, namespace, name })
const event = (reason: string, text: string, type = 'Warning', times = 1): K.ObjectEvent => ({
  at: ago(120),
  type,
  reason,
  text,
  times,
  object: seen('Pod', 'web-7569bdfdcd-lt9gj'),
})

export const overview: K.ClusterOverview = {
  unseen: ['secrets cannot be listed by `system:serviceaccount:ci:deployer` (403)'],
  counts: {
    deployments: 12,
    statefulsets: 2,
    daemonsets: 3,
    jobs: 40,
    pods: 43,
    services: 14,
    ingresses: 3,
    configmaps: 31,
    secrets: null,
    persistentvolumeclaims: 4,
    events: 120,
    namespaces: 7,
    nodes: 3,
  },
  health: { ready: 14, progressing: 1, stuck: 1, failed: 1, unknown: 0 },
  troubled: [
    {
      kind: 'Deployment',
      namespace: 'shop',
      name: 'web',
      state: 'stuck',
      message: '0 of 2 new pods ready: pulling busybox:1.36.nosuch fails',
    },
    { kind: 'Job', namespace: 'shop', name: 'migrate', state: 'failed', message: 'BackoffLimitExceeded' },
  ],
  warnings: [
    event('Failed', 'Failed to pull image "busybox:1.36.nosuch": not found', 'Warning', 7),
    event('BackOff', 'Back-off restarting failed container app in pod web-7569bdfdcd-lt9gj'),
  ],
  nodes: [
    { name: 'node-1', ready: true, version: 'v1.34.9', message: null },
    { name: 'node-2', ready: false, version: 'v1.34.9', message: 'the kubelet stopped posting its status' },
  ],
  checks: [
    { at: ago(20), state: 'connected', message: 'v1.34.9, 3 of 3 nodes ready' },
    {
      at: ago(260_000),
      state: 'disconnected',
      message: 'the cluster does not answer: nothing listens at `10.0.0.5:6443` (connection refused)',
    },
  ],
}

const wide = (group: string, version: string, kind: string, plural: string): K.KindView => ({
  group,
  version,
  kind,
  plural,
  namespaced: true,
  verbs: ['get', 'list', 'watch'],
})
export const kinds: K.KindView[] = [
  wide('cert-manager.io', 'v1', 'Certificate', 'certificates'),
  wide('apps', 'v1', 'ReplicaSet', 'replicasets'),
  wide('autoscaling', 'v2', 'HorizontalPodAutoscaler', 'horizontalpodautoscalers'),
]

const row = (
  name: string,
  state: K.ObjectState,
  cells: K.ObjectRow['cells'],
  message: string | null = null,
): K.ObjectRow => ({
  uid: `uid-${name}`,
  namespace: 'shop',
  name,
  created_at: ago(12_000),
  state,
  message,
  cells,
})
export const deployments: K.ObjectPage = {
  columns: ['ready', 'up_to_date', 'available', 'images'],
  items: [
    row('api', 'ready', ['3/3', 3, 3, 'registry.example.com/shop/api:149']),
    row('web', 'stuck', ['2/2', 1, 2, 'busybox:1.36.nosuch'], '0 of 2 new pods ready, 2 old ones left'),
    row(
      'worker-for-the-nightly-import-of-orders',
      'progressing',
      ['1/4', 4, 1, 'registry.example.com/shop/worker:149, envoy:1.30'],
      '1 of 4 pods ready',
    ),
    row('search', 'failed', ['0/1', 1, 0, 'opensearch:2'], 'progress deadline exceeded'),
  ],
  next: null,
  total: 4,
  truncated: false,
}
export const yaml = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: shop
  labels:
    app: web
spec:
  replicas: 2
  selector:
    matchLabels:
      app: web
`
export const object: K.ObjectView = {
  kind: { group: 'apps', version: 'v1', kind: 'Deployment', plural: 'deployments', namespaced: true, verbs: [] },
  namespace: 'shop',
  name: 'web',
  uid: 'uid-web',
  created_at: ago(12_000),
  resource_version: '4711',
  state: 'stuck',
  message: '0 of 2 new pods ready, 2 old ones left',
  labels: { app: 'web', 'app.kubernetes.io/managed-by': 'ansflow' },
  yaml,
  events: [
    event('Failed', 'Failed to pull image "busybox:1.36.nosuch": not found', 'Warning', 7),
    event('ScalingReplicaSet', 'Scaled up replica set web-7569bdfdcd to 1', 'Normal'),
  ],
  tree: [
    {
      kind: 'ReplicaSet',
      name: 'web-7569bdfdcd',
      state: 'stuck',
      message: null,
      children: [
        { kind: 'Pod', name: 'web-7569bdfdcd-lt9gj', state: 'stuck', message: 'ErrImagePull: not found', children: [] },
      ],
    },
    {
      kind: 'ReplicaSet',
      name: 'web-55d4c8f7b9',
      state: 'ready',
      message: null,
      children: [
        { kind: 'Pod', name: 'web-55d4c8f7b9-4kx2p', state: 'ready', message: null, children: [] },
        { kind: 'Pod', name: 'web-55d4c8f7b9-zq8vd', state: 'ready', message: null, children: [] },
      ],
    },
  ],
  ports: [{ name: 'http', port: 8080, target: null, protocol: 'TCP' }],
  containers: ['app', 'sidecar'],
  replicas: 2,
  unseen: [],
  may: ['edit', 'scale', 'restart', 'rollback', 'delete'],
  why_not: { exec: 'you may only look at this cluster' },
}
export const history: K.ObjectRevision[] = [
  {
    revision: 3,
    name: 'web-7569bdfdcd',
    created_at: ago(300),
    images: ['busybox:1.36.nosuch'],
    change_cause: null,
    current: true,
    yaml,
  },
  {
    revision: 2,
    name: 'web-55d4c8f7b9',
    created_at: ago(90_000),
    images: ['busybox:1.36'],
    change_cause: 'AnsFlow shop #148',
    current: false,
    yaml: yaml.replace('replicas: 2', 'replicas: 3'),
  },
]
export const check: K.ClusterCheck = {
  valid: true,
  message: 'connected as system:serviceaccount:ci:deployer',
  trouble: null,
  help: null,
  cluster_info: { version: 'v1.34.9', total_nodes: 3, ready_nodes: 3, total_pods: 43, running_pods: 41 },
  identity: { username: 'system:serviceaccount:ci:deployer', groups: ['system:serviceaccounts'] },
  rights: [
    { verb: 'create', resource: 'deployments', namespace: 'shop', allowed: true },
    { verb: 'patch', resource: 'deployments', namespace: 'shop', allowed: true },
    { verb: 'create', resource: 'pods/exec', namespace: 'shop', allowed: true },
    { verb: 'get', resource: 'secrets', namespace: 'shop', allowed: false },
    { verb: 'list', resource: 'nodes', namespace: null, allowed: false },
  ],
}

const web = seen('Deployment', 'web')
const pods = (name: string, state: 'ready' | 'stuck' | 'going' | 'progressing', text = '', restarts = 0) => ({
  name,
  state,
  text,
  restarts,
  node: 'node-1',
})
export const verdict: K.Verdict = {
  outcome: 'failed',
  cause: 'image_pull',
  object: seen('Pod', 'web-7569bdfdcd-lt9gj'),
  summary:
    'Pod/web-7569bdfdcd-lt9gj cannot start: the image `busybox:1.36.nosuch` does not exist in docker.io (not found).',
  evidence: [
    {
      from: 'event',
      object: seen('Pod', 'web-7569bdfdcd-lt9gj'),
      text: 'Failed to pull image "busybox:1.36.nosuch": rpc error: code = NotFound desc = failed to pull and unpack image',
      at: ago(4),
      times: 2,
    },
    {
      from: 'state',
      object: seen('Pod', 'web-7569bdfdcd-lt9gj'),
      text: 'container app: waiting: ErrImagePull',
      at: null,
      times: 1,
    },
  ],
  advice: 'Check the tag `1.36.nosuch`; the registry answers, so its address and the login are right.',
  remarks: [],
}
export const story: Message = {
  type: 'snapshot',
  at: ago(2),
  cluster: 'staging',
  rollouts: [
    {
      object: web,
      wanted: 8,
      revisions: [
        {
          name: 'web-7569bdfdcd',
          new: true,
          pods: [
            pods('web-7569bdfdcd-lt9gj', 'stuck', 'pulling busybox:1.36.nosuch fails: not found'),
            pods('web-7569bdfdcd-x2x8p', 'progressing', 'the image is pulled', 2),
            pods('web-7569bdfdcd-zz9aa', 'ready'),
          ],
        },
        {
          name: 'web-55d4c8f7b9',
          new: false,
          pods: [...'abcdef'].map(one => pods(`web-55d4c8f7b9-4kx2${one}`, one === 'f' ? 'going' : 'ready')),
        },
      ],
    },
  ],
  waiting: {
    for: 'Deployment/web 1 of 8 new pods ready – Pod/web-7569bdfdcd-lt9gj: pulling `busybox:1.36.nosuch` fails: not found (1 s of 2 s grace)',
    objects: [web],
  },
  events: [
    {
      at: ago(9),
      object: web,
      kind: 'Normal',
      reason: 'ScalingReplicaSet',
      text: 'Scaled up replica set web-7569bdfdcd to 3',
      times: 1,
    },
    {
      at: ago(8),
      object: seen('Pod', 'web-7569bdfdcd-lt9gj'),
      kind: 'Normal',
      reason: 'Pulling',
      text: 'Pulling image "busybox:1.36.nosuch"',
      times: 1,
    },
    {
      at: ago(7),
      object: seen('Pod', 'web-7569bdfdcd-lt9gj'),
      kind: 'Warning',
      reason: 'Failed',
      text: 'Failed to pull image "busybox:1.36.nosuch": not found',
      times: 2,
    },
  ],
  logs: [
    {
      pod: 'web-7569bdfdcd-x2x8p',
      container: 'app',
      previous: true,
      lines: ['starting', 'Error: environment variable DATABASE_URL is not set'],
    },
  ],
}

const deploy = (status: 'running' | 'failed', more: object) =>
  step(1, 'deploy', status, {
    type: 'k8s_deploy',
    step_run: `run_${status}-1`,
    artifacts: status === 'failed' ? 6 : 0,
    ...more,
  })
export const failedRun = {
  ...runSummary(150, 'failed'),
  id: 'run_k8s',
  seq: 31,
  variables: {},
  steps: [step(0, 'image', 'success'), deploy('failed', { why: verdict.summary, verdict })],
  queue_position: null,
  workspace_kept: true,
}
export const liveRun = {
  ...runSummary(151, 'running'),
  id: 'run_k8slive',
  seq: 31,
  variables: {},
  steps: [step(0, 'image', 'success'), deploy('running', { waiting: story.waiting })],
  queue_position: null,
  workspace_kept: true,
}
