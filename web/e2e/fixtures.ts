// One sample of every shape of the API, for tests in a browser whose server is faked at the network's edge.

import type * as T from '../src/api/types'
import catalogue from '../src/lib/pipeline-doc/catalogue.fixture.json'

/** Times count from here, so that pictures of a page stay the same when the browser's clock is set to it. */
export const NOW = Date.parse('2026-03-02T10:00:00Z')
export const ago = (seconds: number) => new Date(NOW - seconds * 1000).toISOString()

export const page = <Item>(items: Item[], next: string | null = null): T.Page<Item> => ({
  items,
  next,
  total: items.length,
})

export const authState: T.AuthState = { setup_required: false }
export const me: T.Me = { id: 'usr_1', name: 'mona', role: 'admin', via: 'session', read_only: false }

export const problem = (status: number, code: string, detail: string, more: Partial<T.Problem> = {}): T.Problem => ({
  type: 'about:blank',
  title: 'Problem',
  status,
  code,
  detail,
  help: null,
  field: null,
  request_id: 'req_0195f3a2b7c4',
  diagnostics: null,
  ...more,
})

// ── runs ────────────────────────────────────────────────────────────────────────────────────────────────────────
export const shop: T.PipelineRef = { id: 'pl_shop', name: 'shop' }
export const docs: T.PipelineRef = { id: 'pl_docs', name: 'docs-site' }
export const nightly: T.PipelineRef = { id: 'pl_nightly', name: 'nightly-integration-tests' }

const allowed = (...may: string[]): T.Permissions => ({ may, why_not: {} })

export function runSummary(number: number, status: T.RunStatus, more: Partial<T.RunSummary> = {}): T.RunSummary {
  const over = status !== 'queued' && status !== 'running' && status !== 'waiting'
  const started = status === 'queued' ? null : ago(600 * (150 - number))
  return {
    id: `run_${number}`,
    number,
    pipeline: shop,
    status,
    trigger: 'webhook',
    by: 'mona',
    branch: 'main',
    commit: '4f1c2d9e8b7a6f5e4d3c2b1a0f9e8d7c6b5a4f3e',
    version: 7,
    retry_of: null,
    created_at: ago(600 * (150 - number) + 4),
    started_at: started,
    finished_at: over && started ? new Date(Date.parse(started) + 183_000).toISOString() : null,
    duration_ms: over ? 183_000 : null,
    ...(over
      ? { may: ['retry', 'retry_failed', 'delete'], why_not: { cancel: 'the run has ended' } }
      : { may: ['cancel'], why_not: { retry: 'the run has not ended yet', delete: 'the run has not ended yet' } }),
    ...more,
  }
}

export const runs: T.RunSummary[] = [
  runSummary(149, 'running'),
  runSummary(148, 'waiting', { branch: 'release/2026.03', trigger: 'manual' }),
  runSummary(147, 'queued', { pipeline: nightly, trigger: 'schedule', by: 'schedule', branch: null, commit: null }),
  runSummary(146, 'failed', { branch: 'fix/checkout-rounding-of-totals-with-vat', by: 'jonas' }),
  runSummary(145, 'success', { pipeline: docs, trigger: 'api', by: 'token:release-bot' }),
  runSummary(144, 'timed_out', { pipeline: nightly, trigger: 'schedule', by: 'schedule' }),
  runSummary(143, 'cancelled', { trigger: 'retry', retry_of: 'run_140' }),
  runSummary(142, 'success'),
  runSummary(141, 'success', { pipeline: docs }),
]

export function attempt(number: number, more: Partial<T.AttemptView> = {}): T.AttemptView {
  return {
    number,
    started_at: ago(600),
    ended_at: ago(560),
    outcome: 'succeeded',
    message: null,
    retry_at: null,
    ...more,
  }
}

export function step(index: number, name: string, status: T.StepStatus, more: Partial<T.StepView> = {}): T.StepView {
  return {
    index,
    name,
    type: 'command',
    step_run: `run_149-${index}`,
    stage: null,
    group: null,
    needs: index === 0 ? [] : [index - 1],
    status,
    attempts: status === 'pending' || status === 'skipped' ? [] : [attempt(1)],
    when: null,
    started_at: status === 'pending' || status === 'skipped' ? null : ago(600),
    finished_at: status === 'success' || status === 'failed' ? ago(560) : null,
    duration_ms: status === 'success' || status === 'failed' ? 40_000 : null,
    exit_code: status === 'success' ? 0 : null,
    why: null,
    outputs: {},
    masked_outputs: [],
    approval: null,
    waiting: null,
    verdict: null,
    artifacts: 0,
    continue_on_failure: false,
    may: [],
    why_not: {},
    ...more,
  }
}

const at = (seconds: number, length: number | null) => ({
  started_at: ago(seconds),
  finished_at: length === null ? null : ago(seconds - length),
  duration_ms: length === null ? null : length * 1000,
})

export const steps: T.StepView[] = [
  step(0, 'fetch code', 'success', {
    type: 'git',
    stage: 'build',
    ...at(600, 4),
    attempts: [attempt(1, { started_at: ago(600), ended_at: ago(596) })],
  }),
  step(1, 'unit tests', 'success', {
    stage: 'build',
    group: 'tests',
    needs: [0],
    ...at(596, 130),
    artifacts: 2,
    outputs: { coverage: '87.4', report: 'target/report.html' },
    masked_outputs: ['signing_key'],
    attempts: [
      attempt(1, {
        started_at: ago(596),
        ended_at: ago(540),
        outcome: 'failed',
        message: 'exit code 101',
        retry_at: ago(535),
      }),
      attempt(2, { started_at: ago(535), ended_at: ago(466) }),
    ],
  }),
  step(2, 'lint', 'failed', {
    stage: 'build',
    group: 'tests',
    needs: [0],
    ...at(596, 31),
    exit_code: 1,
    why: 'the command ended with exit code 1',
    continue_on_failure: true,
    attempts: [attempt(1, { outcome: 'failed', message: 'exit code 1', started_at: ago(596), ended_at: ago(565) })],
    may: ['retry'],
  }),
  step(3, 'image', 'running', {
    type: 'docker_build',
    stage: 'package',
    needs: [1, 2],
    ...at(466, null),
    attempts: [attempt(1, { started_at: ago(466), ended_at: null, outcome: null })],
  }),
  step(4, '构建镜像说明', 'skipped', {
    stage: 'package',
    needs: [1, 2],
    when: 'git_branch == "docs"',
    why: 'its condition is not met: git_branch == "docs"',
  }),
  step(5, 'staging', 'pending', { type: 'k8s_deploy', stage: 'deploy', needs: [3] }),
  step(6, 'production', 'pending', {
    type: 'k8s_deploy',
    stage: 'deploy',
    needs: [5],
    when: 'git_branch == "main"',
    approval: {
      approvers: ['ops', 'mona'],
      required: 2,
      message: 'Ship it to everybody?',
      opened_at: null,
      deadline: null,
      decisions: [],
    },
    why_not: { approve: 'the step does not wait for an approval', reject: 'the step does not wait for an approval' },
  }),
]

export const run: T.RunView = {
  ...runSummary(149, 'running', { started_at: ago(600), created_at: ago(604) }),
  seq: 31,
  variables: { environment: 'staging', replicas: 3, image: 'registry.example.com/shop' },
  steps,
  queue_position: null,
  workspace_kept: true,
}

export const waitingRun: T.RunView = {
  ...run,
  ...runSummary(148, 'waiting', { started_at: ago(600) }),
  steps: steps.map(one =>
    one.index < 6
      ? {
          ...one,
          status: one.status === 'skipped' ? 'skipped' : 'success',
          ...(one.index > 2 && one.status !== 'skipped' ? at(400 - one.index * 20, 60) : {}),
          may: [],
          why: null,
          exit_code: 0,
          attempts: one.status === 'skipped' ? [] : [attempt(1)],
        }
      : {
          ...one,
          status: 'waiting',
          approval: {
            approvers: ['ops', 'mona'],
            required: 2,
            message: 'Ship 2026.03 to everybody?',
            opened_at: ago(300),
            deadline: ago(-86_100),
            decisions: [{ by: 'ops', at: ago(120), approved: true, comment: 'staging looks good', via: 'web' }],
          },
          may: ['approve', 'reject'],
          why_not: {},
        },
  ),
}

export const artifacts: T.ArtifactView[] = [
  {
    step: 'unit tests',
    attempt: 2,
    path: 'target/report.html',
    size: 48_213,
    sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    kept_at: ago(466),
    href: '/api/v1/runs/run_149/artifacts/unit%20tests/2/target/report.html',
  },
  {
    step: 'unit tests',
    attempt: 2,
    path: 'target/junit.xml',
    size: 1_204_551,
    sha256: '60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752',
    kept_at: ago(466),
    href: '/api/v1/runs/run_149/artifacts/unit%20tests/2/target/junit.xml',
  },
]

export const logLine = (number: number, text: string, stream: 'stdout' | 'stderr' = 'stdout'): T.LogLine => ({
  number,
  offset: number * 80,
  at: new Date(NOW - 600_000 + number * 120).toISOString(),
  stream,
  text,
})

// ── statistics ──────────────────────────────────────────────────────────────────────────────────────────────────
export const trend = (days: number): T.Day[] =>
  Array.from({ length: days }, (_, index) => ({
    day: new Date(NOW - (days - 1 - index) * 86_400_000).toISOString().slice(0, 10),
    success: 6 + ((index * 7) % 9),
    failed: (index * 5) % 4,
    cancelled: index % 6 === 0 ? 1 : 0,
    timed_out: index % 11 === 0 ? 1 : 0,
    p50_ms: 140_000 + ((index * 37) % 60) * 1000,
    p95_ms: 260_000 + ((index * 53) % 90) * 1000,
  }))

const brief = (number: number, status: T.RunStatus): T.RunBrief => ({
  id: `run_${number}`,
  number,
  status,
  created_at: ago(600 * (150 - number)),
  duration_ms: 183_000,
})

export const overview: T.Overview = {
  days: 30,
  running: 1,
  queued: 1,
  waiting: 1,
  total: { success: 298, failed: 44, cancelled: 5, timed_out: 3 },
  trend: trend(30),
  failing: [
    { pipeline: shop, failures_in_a_row: 3, last: brief(146, 'failed') },
    { pipeline: nightly, failures_in_a_row: 1, last: brief(144, 'timed_out') },
  ],
  slowest: [
    { pipeline: nightly, p95_ms: 2_640_000 },
    { pipeline: shop, p95_ms: 312_000 },
  ],
}

export const pipelineStatistics: T.PipelineStatistics = {
  days: 30,
  total: { success: 120, failed: 20, cancelled: 2, timed_out: 1 },
  failure_rate: 0.147,
  p50_ms: 183_000,
  p95_ms: 312_000,
  queue_p50_ms: 1_200,
  trend: trend(30),
  steps: [
    {
      name: 'unit tests',
      type: 'command',
      total: { success: 130, failed: 12, cancelled: 1, timed_out: 0, skipped: 0 },
      failure_rate: 0.084,
      p50_ms: 69_000,
      p95_ms: 128_000,
      retries: 9,
      trend: trend(30),
    },
    {
      name: 'image',
      type: 'docker_build',
      total: { success: 121, failed: 6, cancelled: 0, timed_out: 1, skipped: 14 },
      failure_rate: 0.054,
      p50_ms: 92_000,
      p95_ms: 171_000,
      retries: 1,
      trend: trend(30),
    },
  ],
}

// ── pipelines ───────────────────────────────────────────────────────────────────────────────────────────────────
export const pipelineText = `name: shop
type: hybrid
variables:
  image: registry.example.com/shop
triggers:
  - { type: webhook, branches: [main] }
steps:
  - name: unit tests
    type: command
    command: cargo test
    retry: { attempts: 2, delay: 5s }
  - name: image
    type: docker_build
    config: { image: "{{ image }}", tag: "{{ build_number }}", dockerfile: Dockerfile }
  - name: production
    type: k8s_deploy
    when: git_branch == "main"
    approval: { approvers: [ops], required: 1, timeout: 24h }
    config: { cluster: production, namespace: shop, manifest_path: k8s/ }
`

export const outline: T.Outline = {
  name: 'shop',
  kind: 'hybrid',
  stages: [],
  steps: [
    { name: 'unit tests', type: 'command', stage: null, group: null, needs: [], approval: false, when: null },
    { name: 'image', type: 'docker_build', stage: null, group: null, needs: [0], approval: false, when: null },
    {
      name: 'production',
      type: 'k8s_deploy',
      stage: null,
      group: null,
      needs: [1],
      approval: true,
      when: 'git_branch == "main"',
    },
  ],
}

export function pipelineSummary(ref: T.PipelineRef, more: Partial<T.PipelineSummary> = {}): T.PipelineSummary {
  return {
    ...ref,
    description: '',
    kind: 'hybrid',
    version: 7,
    enabled: true,
    max_runs: null,
    steps: 3,
    triggers: ['manual', 'api', 'webhook'],
    created_at: ago(8_000_000),
    updated_at: ago(90_000),
    updated_by: 'mona',
    recent: [
      brief(149, 'running'),
      brief(146, 'failed'),
      brief(142, 'success'),
      brief(141, 'success'),
      brief(140, 'failed'),
    ],
    ...allowed('edit', 'run', 'delete', 'enable', 'disable', 'clone'),
    ...more,
  }
}

export const pipelines: T.PipelineSummary[] = [
  pipelineSummary(shop, { description: 'Tests, image and deployment of the shop' }),
  pipelineSummary(docs, { kind: 'local', recent: [brief(145, 'success'), brief(141, 'success')] }),
  pipelineSummary(nightly, {
    triggers: ['schedule'],
    enabled: false,
    recent: [],
    may: ['edit'],
    why_not: { run: 'the pipeline is disabled' },
  }),
]

export const pipeline: T.PipelineView = {
  ...pipelineSummary(shop, { description: 'Tests, image and deployment of the shop' }),
  text: pipelineText,
  variables: [{ name: 'image', value: 'registry.example.com/shop' }],
  outline,
  diagnostics: [],
}

export const versions: T.VersionView[] = [
  { version: 7, note: 'deploy to production after approval', created_at: ago(90_000), created_by: 'mona' },
  { version: 6, note: '', created_at: ago(190_000), created_by: 'jonas' },
  { version: 5, note: 'retry flaky tests', created_at: ago(500_000), created_by: 'mona' },
]
export const versionText: T.VersionText = {
  version: 7,
  note: 'deploy to production after approval',
  created_at: ago(90_000),
  created_by: 'mona',
  text: pipelineText,
}

export const diagnostic: T.Diagnostic = {
  line: 10,
  column: 5,
  end_line: 10,
  end_column: 12,
  severity: 'error',
  code: 'unknown_key',
  message: '`comand` is not a key of a step',
  help: 'did you mean `command`?',
}
export const validation: T.Validation = { diagnostics: [], outline }
export const batchResults: { items: T.BatchResult[] } = {
  items: [{ name: 'shop', pipeline: 'pl_shop', run: 'run_150', problem: null }],
}

export const triggers: T.TriggersView = {
  hook: { path: '/api/v1/hooks/hk_3f2a', has_secret: true, updated_at: ago(90_000) },
  schedules: [
    { cron: '0 3 * * *', timezone: 'Asia/Shanghai', next_at: ago(-40_000), last_at: ago(46_000), last_run: 'run_144' },
  ],
  webhooks: [{ branches: ['main'], paths: [] }],
}
export const hookSecret: T.HookSecret = { path: '/api/v1/hooks/hk_3f2a', secret: 'whs_8d7f6a5b4c3d2e1f' }

/** The real one: made from `ansflow steps -o json`. */
export const stepTypes = catalogue as T.StepType[]

// ── triggers, notifications, secrets, settings, account ─────────────────────────────────────────────────────────
export const deliveries: T.DeliveryView[] = [
  {
    id: 'dlv_3',
    source: 'github',
    event: 'push',
    pipeline: shop,
    status: 'started',
    reason: '',
    run: 'run_149',
    branch: 'main',
    commit: run.commit,
    sender: 'mona',
    received_at: ago(604),
  },
  {
    id: 'dlv_2',
    source: 'gitlab',
    event: 'push',
    pipeline: shop,
    status: 'ignored',
    reason: 'the branch `wip` is not among [main]',
    run: null,
    branch: 'wip',
    commit: run.commit,
    sender: 'jonas',
    received_at: ago(4_000),
  },
  {
    id: 'dlv_1',
    source: 'generic',
    event: '',
    pipeline: null,
    status: 'refused',
    reason: 'the signature is wrong',
    run: null,
    branch: null,
    commit: null,
    sender: '203.0.113.9',
    received_at: ago(9_000),
  },
]

export const message: T.MessageView = {
  id: 'msg_1',
  event: 'failure',
  run: 'run_146',
  status: 'sent',
  attempts: 1,
  error: '',
  created_at: ago(2_400),
  sent_at: ago(2_399),
  next_at: null,
}
export const messages: T.MessageView[] = [
  message,
  { ...message, id: 'msg_2', status: 'failed', attempts: 5, error: 'the server answered 404', sent_at: null },
]
export const notifications: T.NotificationView[] = [
  {
    id: 'ntf_1',
    name: 'team chat',
    kind: 'slack',
    enabled: true,
    events: ['failure', 'recovered'],
    pipelines: [],
    target: 'hooks.slack.com',
    has_signing_secret: false,
    to: [],
    updated_at: ago(90_000),
    updated_by: 'mona',
    last: message,
  },
  {
    id: 'ntf_2',
    name: '值班群',
    kind: 'dingtalk',
    enabled: false,
    events: ['failure', 'approval'],
    pipelines: [shop],
    target: 'oapi.dingtalk.com',
    has_signing_secret: true,
    to: [],
    updated_at: ago(90_000),
    updated_by: 'mona',
    last: null,
  },
]

export const secrets: T.SecretView[] = [
  {
    name: 'REGISTRY_PASSWORD',
    description: 'push to registry.example.com',
    created_at: ago(8_000_000),
    updated_at: ago(90_000),
    updated_by: 'mona',
    used_by: [shop],
  },
  {
    name: 'SIGNING_KEY',
    description: '',
    created_at: ago(8_000_000),
    updated_at: ago(8_000_000),
    updated_by: 'mona',
    used_by: [],
  },
]
export const gitCredentials: T.GitCredentialView[] = [
  {
    id: 'gc_1',
    host: 'git.example.com',
    kind: 'password',
    username: 'ci',
    updated_at: ago(90_000),
    updated_by: 'mona',
  },
]
// ── registries ──────────────────────────────────────────────────────────────────────────────────────────────────
export const registry: T.RegistryView = {
  id: 'reg_1',
  name: 'harbor',
  kind: 'harbor',
  address: 'harbor.example.com/team',
  insecure: false,
  username: 'robot$ci',
  has_password: true,
  is_default: true,
  last_check: { ok: true, message: 'the registry harbor.example.com answers and takes the login', at: ago(3_000) },
  created_at: ago(8_000_000),
  updated_at: ago(90_000),
  updated_by: 'mona',
}
export const registries: T.RegistryView[] = [
  registry,
  {
    ...registry,
    id: 'reg_2',
    name: 'build hall',
    kind: 'private',
    address: '10.0.0.7:5000',
    insecure: true,
    username: '',
    has_password: false,
    is_default: false,
    last_check: {
      ok: false,
      message: 'the registry 10.0.0.7:5000 cannot be reached: nothing listens at that address (connection refused)',
      at: ago(60),
    },
  },
  {
    ...registry,
    id: 'reg_3',
    name: 'hub',
    kind: 'dockerhub',
    address: 'docker.io',
    username: '',
    has_password: false,
    is_default: false,
    last_check: null,
  },
]
export const repositories = ['shop', 'shop-worker', 'docs', 'base/rust', 'base/node'].map(name => `team/${name}`)
export const tags = [
  'latest',
  '149',
  '148',
  '147',
  '146',
  '0.9.0',
  '0.10.0',
  'release-2026.03-with-a-long-name-of-a-branch',
]
export const registryImage = (repository: string, tag: string): T.RegistryImage => ({
  reference: `harbor.example.com/${repository}:${tag}`,
  digest: `sha256:${'0195f3a2b7c4e8d1'.repeat(3)}${tag
    .padStart(16, '0')
    .slice(0, 16)
    .replace(/[^0-9a-f]/g, 'a')}`,
  size: 48_213_551 + tag.length * 1_204_551,
  created: tag === 'latest' ? null : ago(90_000 + tag.length * 40_000),
  platforms: tag === 'latest' ? ['linux/amd64', 'linux/arm64', 'linux/arm/v7'] : ['linux/amd64'],
})
export const settings: T.Settings = {
  base_url: 'https://ci.example.com',
  max_runs: 4,
  steps_per_run: 8,
  keep_runs_days: 90,
  keep_workspaces_days: 3,
  mail: {
    host: 'mail.example.com',
    port: 587,
    security: 'starttls',
    username: 'ci',
    from: 'ci@example.com',
    has_password: true,
  },
  hook_secrets: ['github'],
}
export const sessions: T.SessionView[] = [
  { id: 'ses_1', created_at: ago(90_000), seen_at: ago(3), expires_at: ago(-500_000), current: true },
  { id: 'ses_2', created_at: ago(900_000), seen_at: ago(80_000), expires_at: ago(-300_000), current: false },
]
export const tokens: T.TokenView[] = [
  {
    id: 'tok_1',
    name: 'release-bot',
    hint: 'anf_…8f3a',
    read_only: false,
    created_at: ago(900_000),
    used_at: ago(4_000),
    expires_at: null,
  },
  {
    id: 'tok_2',
    name: 'grafana',
    hint: 'anf_…11bc',
    read_only: true,
    created_at: ago(900_000),
    used_at: null,
    expires_at: ago(-900_000),
  },
]
export const newToken: T.NewToken = {
  token: 'anf_0123456789abcdef',
  view: {
    id: 'tok_3',
    name: 'new',
    hint: 'anf_…cdef',
    read_only: false,
    created_at: ago(0),
    used_at: null,
    expires_at: null,
  },
}
