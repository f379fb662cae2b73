// Every link of the site. A page writes `<Link {...paths.run(run.id)}>`; the router's types check each target.

import type {
  AuditSearch,
  CreateSearch,
  DeliveriesSearch,
  EditSearch,
  LoginSearch,
  ObjectSearch,
  ObjectsSearch,
  PipelineSearch,
  PipelinesSearch,
  RegistriesSearch,
  RegistrySearch,
  RunSearch,
  RunsSearch,
  TabSearch,
  VersionsSearch,
} from './places'

export const paths = {
  dashboard: () => ({ to: '/' }) as const,
  login: (search: LoginSearch = {}) => ({ to: '/login', search }) as const,
  setup: () => ({ to: '/setup' }) as const,

  pipelines: (search: PipelinesSearch = {}) => ({ to: '/pipelines', search }) as const,
  newPipeline: (search: EditSearch = {}) => ({ to: '/pipelines/new', search }) as const,
  pipeline: (id: string, search: PipelineSearch = {}) => ({ to: '/pipelines/$id', params: { id }, search }) as const,
  editPipeline: (id: string, search: EditSearch = {}) =>
    ({ to: '/pipelines/$id/edit', params: { id }, search }) as const,
  versions: (id: string, search: VersionsSearch = {}) =>
    ({ to: '/pipelines/$id/versions', params: { id }, search }) as const,

  runs: (search: RunsSearch = {}) => ({ to: '/runs', search }) as const,
  run: (id: string, search: RunSearch = {}) => ({ to: '/runs/$id', params: { id }, search }) as const,

  triggers: (search: DeliveriesSearch = {}) => ({ to: '/triggers', search }) as const,
  notifications: (search: TabSearch = {}) => ({ to: '/notifications', search }) as const,
  registries: (search: RegistriesSearch = {}) => ({ to: '/registries', search }) as const,
  registry: (id: string, search: RegistrySearch = {}) => ({ to: '/registries/$id', params: { id }, search }) as const,
  clusters: () => ({ to: '/clusters' }) as const,
  newCluster: () => ({ to: '/clusters/new' }) as const,
  cluster: (id: string) => ({ to: '/clusters/$id', params: { id } }) as const,
  editCluster: (id: string) => ({ to: '/clusters/$id/edit', params: { id } }) as const,
  objects: (id: string, kind: string, search: ObjectsSearch = {}) =>
    ({ to: '/clusters/$id/objects/$kind', params: { id, kind }, search }) as const,
  /** `-` stands for no namespace, which no namespace is called. */
  object: (id: string, kind: string, namespace: string | null, name: string, search: ObjectSearch = {}) =>
    ({
      to: '/clusters/$id/objects/$kind/$ns/$name',
      params: { id, kind, ns: namespace ?? '-', name },
      search,
    }) as const,
  createObjects: (id: string, search: CreateSearch = {}) =>
    ({ to: '/clusters/$id/create', params: { id }, search }) as const,
  audit: (search: AuditSearch = {}) => ({ to: '/audit', search }) as const,
  secrets: (search: TabSearch = {}) => ({ to: '/secrets', search }) as const,
  account: (search: TabSearch = {}) => ({ to: '/account', search }) as const,
  settings: (search: TabSearch = {}) => ({ to: '/settings', search }) as const,
}
