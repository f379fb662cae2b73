// One description per resource: its key, how it is fetched, how long it counts as fresh.

import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { queue } from '../lib/queue'
import { get, getVersioned } from './client'
import type * as T from './types'

const at = encodeURIComponent

/** A list that is read page by page. Its items: `data.pages.flatMap(page => page.items)`. */
function pages<Item>(key: readonly unknown[], path: string, query: object = {}) {
  return infiniteQueryOptions({
    queryKey: [...key, 'pages', query] as const,
    queryFn: ({ pageParam, signal }) => get<T.Page<Item>>(path, { ...query, cursor: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page: T.Page<Item>) => page.next,
  })
}

/** Keys by resource; invalidating a short one also invalidates all that begin with it. */
export const keys = {
  auth: ['auth'] as const,
  me: ['auth', 'me'] as const,
  sessions: ['auth', 'sessions'] as const,
  tokens: ['tokens'] as const,
  secrets: ['secrets'] as const,
  gitCredentials: ['git-credentials'] as const,
  settings: ['settings'] as const,
  registries: ['registries'] as const,
  registry: (id: string) => ['registries', id] as const,
  stepTypes: ['step-types'] as const,
  pipelines: ['pipelines'] as const,
  pipeline: (id: string) => ['pipelines', id] as const,
  statistics: ['statistics'] as const,
  runs: ['runs'] as const,
  run: (id: string) => ['runs', id] as const,
  deliveries: ['deliveries'] as const,
  notifications: ['notifications'] as const,
  notification: (id: string) => ['notifications', id] as const,
}

// ── sign-in ─────────────────────────────────────────────────────────────────────────────────────────────────────
export const authState = queryOptions({
  queryKey: ['auth', 'state'],
  queryFn: ({ signal }) => get<T.AuthState>('auth/state', undefined, signal),
})
export const me = queryOptions({
  queryKey: keys.me,
  queryFn: ({ signal }) => get<T.Me>('auth/me', undefined, signal),
  staleTime: 60_000,
})
export const sessions = pages<T.SessionView>(keys.sessions, 'auth/sessions')
export const tokens = pages<T.TokenView>(keys.tokens, 'tokens')

// ── secrets and settings ────────────────────────────────────────────────────────────────────────────────────────
export const secrets = pages<T.SecretView>(keys.secrets, 'secrets')
export const gitCredentials = pages<T.GitCredentialView>(keys.gitCredentials, 'git-credentials')
export const settings = queryOptions({
  queryKey: keys.settings,
  queryFn: ({ signal }) => getVersioned<T.Settings>('settings', signal),
})
export const version = queryOptions({
  queryKey: ['version'],
  queryFn: ({ signal }) => get<T.Version>('/version', undefined, signal),
  staleTime: Number.POSITIVE_INFINITY,
})

// ── registries ──────────────────────────────────────────────────────────────────────────────────────────────────
export const registries = pages<T.RegistryView>(keys.registries, 'docker/registries')
/** Every registry, for a choice among them. */
export const allRegistries = queryOptions({
  queryKey: [...keys.registries, 'all'],
  queryFn: ({ signal }) => all<T.RegistryView>('docker/registries', signal),
  staleTime: 30_000,
})
export const registry = (id: string) =>
  queryOptions({
    queryKey: [...keys.registry(id), 'view'],
    queryFn: ({ signal }) => getVersioned<T.RegistryView>(`docker/registries/${at(id)}`, signal),
  })

/** The registry itself is asked, which takes its time: once, and what it does not tell is said at once. */
const FAR = { staleTime: 60_000, retry: false } as const
const inTurn = queue(4)

/** All at once; `total` is null where there are more. */
export const repositories = (id: string) =>
  queryOptions({
    queryKey: [...keys.registry(id), 'repositories'],
    queryFn: ({ signal }) => get<T.Page<string>>(`docker/registries/${at(id)}/repositories`, undefined, signal),
    ...FAR,
  })
export const tags = (id: string, repository: string) =>
  queryOptions({
    queryKey: [...keys.registry(id), 'tags', repository],
    queryFn: ({ signal }) => get<T.Page<string>>(`docker/registries/${at(id)}/tags`, { repository }, signal),
    ...FAR,
  })
export const image = (id: string, repository: string, tag: string) =>
  queryOptions({
    queryKey: [...keys.registry(id), 'image', repository, tag],
    queryFn: ({ signal }) => {
      const ask = () => get<T.RegistryImage>(`docker/registries/${at(id)}/image`, { repository, tag }, signal)
      return inTurn(ask, signal)
    },
    ...FAR,
  })

// ── step types ──────────────────────────────────────────────────────────────────────────────────────────────────
/** All of them: there are few, and the editor needs them at once. */
export const stepTypes = queryOptions({
  queryKey: keys.stepTypes,
  queryFn: ({ signal }) => all<T.StepType>('step-types', signal),
  staleTime: Number.POSITIVE_INFINITY,
})
export const pipelineSchema = queryOptions({
  queryKey: ['schema', 'pipeline'],
  queryFn: ({ signal }) => get<object>('schema/pipeline', undefined, signal),
  staleTime: Number.POSITIVE_INFINITY,
})

// ── pipelines ───────────────────────────────────────────────────────────────────────────────────────────────────
export interface PipelinesFilter {
  search?: string | undefined
  sort?: 'name' | 'updated' | 'last_run' | undefined
}
export const pipelines = (filter: PipelinesFilter = {}) => pages<T.PipelineSummary>(keys.pipelines, 'pipelines', filter)

/** Every pipeline, for a choice among them; at most the first thousand. */
export const allPipelines = queryOptions({
  queryKey: [...keys.pipelines, 'all'],
  queryFn: ({ signal }) => all<T.PipelineSummary>('pipelines', signal, { sort: 'name' }),
})
export const pipeline = (id: string) =>
  queryOptions({
    queryKey: [...keys.pipeline(id), 'view'],
    queryFn: ({ signal }) => getVersioned<T.PipelineView>(`pipelines/${at(id)}`, signal),
  })
export const versions = (id: string) =>
  pages<T.VersionView>([...keys.pipeline(id), 'versions'], `pipelines/${at(id)}/versions`)
export const versionText = (id: string, version: number) =>
  queryOptions({
    queryKey: [...keys.pipeline(id), 'version', version],
    queryFn: ({ signal }) => get<T.VersionText>(`pipelines/${at(id)}/versions/${version}`, undefined, signal),
    staleTime: Number.POSITIVE_INFINITY,
  })
export const pipelineStatistics = (id: string, days = 30) =>
  queryOptions({
    queryKey: [...keys.pipeline(id), 'statistics', days],
    queryFn: ({ signal }) => get<T.PipelineStatistics>(`pipelines/${at(id)}/statistics`, { days }, signal),
  })
export const triggers = (id: string) =>
  queryOptions({
    queryKey: [...keys.pipeline(id), 'triggers'],
    queryFn: ({ signal }) => get<T.TriggersView>(`pipelines/${at(id)}/triggers`, undefined, signal),
  })

// ── statistics ──────────────────────────────────────────────────────────────────────────────────────────────────
export const overview = (days = 30) =>
  queryOptions({
    queryKey: [...keys.statistics, days],
    queryFn: ({ signal }) => get<T.Overview>('statistics', { days }, signal),
  })

// ── runs ────────────────────────────────────────────────────────────────────────────────────────────────────────
export interface RunsFilter {
  pipeline?: string | undefined
  status?: T.RunStatus[] | undefined
  branch?: string | undefined
  by?: string | undefined
  trigger?: string | undefined
  search?: string | undefined
  /** RFC 3339. */
  since?: string | undefined
  until?: string | undefined
  limit?: number | undefined
}
export const runs = (filter: RunsFilter = {}) => pages<T.RunSummary>([...keys.runs, 'list'], 'runs', filter)
export const run = (id: string) =>
  queryOptions({
    queryKey: [...keys.run(id), 'view'],
    queryFn: ({ signal }) => get<T.RunView>(`runs/${at(id)}`, undefined, signal),
  })
export const runPipeline = (id: string) =>
  queryOptions({
    queryKey: [...keys.run(id), 'pipeline'],
    queryFn: ({ signal }) => get<T.VersionText>(`runs/${at(id)}/pipeline`, undefined, signal),
    staleTime: Number.POSITIVE_INFINITY,
  })
export const artifacts = (id: string) =>
  pages<T.ArtifactView>([...keys.run(id), 'artifacts'], `runs/${at(id)}/artifacts`)

// ── triggers and notifications ──────────────────────────────────────────────────────────────────────────────────
export const deliveries = (filter: { pipeline?: string | undefined } = {}) =>
  pages<T.DeliveryView>(keys.deliveries, 'deliveries', filter)
export const notifications = pages<T.NotificationView>(keys.notifications, 'notifications')
export const notification = (id: string) =>
  queryOptions({
    queryKey: [...keys.notification(id), 'view'],
    queryFn: ({ signal }) => getVersioned<T.NotificationView>(`notifications/${at(id)}`, signal),
  })
export const messages = (id: string) =>
  pages<T.MessageView>([...keys.notification(id), 'messages'], `notifications/${at(id)}/messages`)

/** Every item of a short list. */
async function all<Item>(path: string, signal: AbortSignal, query: object = {}): Promise<Item[]> {
  const out: Item[] = []
  let cursor: string | null = null
  do {
    const page: T.Page<Item> = await get(path, { ...query, limit: 200, cursor }, signal)
    out.push(...page.items)
    cursor = page.next
  } while (cursor !== null && out.length < 1000)
  return out
}
