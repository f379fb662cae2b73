// Clusters and what is in them: how they are asked, and what can be done to them.

import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { slugOf } from '../lib/kube'
import type * as K from '../lib/kubeApi'
import type { KindView } from '../lib/kubeApi'
import { stringifySearch } from '../lib/search'
import { BASE, get, getVersioned, post, put, putVersioned, remove } from './client'
import type { Page } from './types'

const at = encodeURIComponent
const ROOT = 'kubernetes'

export const kubeKeys = {
  clusters: ['clusters'] as const,
  cluster: (id: string) => ['clusters', id] as const,
  objects: (id: string) => ['clusters', id, 'objects'] as const,
  object: (place: ObjectPlace) =>
    ['clusters', place.cluster, 'objects', slugOf(place.kind), place.namespace ?? '', place.name] as const,
}

// ── clusters ────────────────────────────────────────────────────────────────────────────────────────────────────
export const clusters = infiniteQueryOptions({
  queryKey: [...kubeKeys.clusters, 'pages'],
  queryFn: ({ pageParam, signal }) => get<Page<K.ClusterView>>(`${ROOT}/clusters`, { cursor: pageParam }, signal),
  initialPageParam: null as string | null,
  getNextPageParam: page => page.next,
  // Their states change while nobody presses anything.
  refetchInterval: 15_000,
})
/** Every cluster, for a choice among them. */
export const allClusters = queryOptions({
  queryKey: [...kubeKeys.clusters, 'all'],
  queryFn: async ({ signal }) => (await get<Page<K.ClusterView>>(`${ROOT}/clusters`, { limit: 200 }, signal)).items,
  staleTime: 30_000,
})
export const cluster = (id: string) =>
  queryOptions({
    queryKey: [...kubeKeys.cluster(id), 'view'],
    queryFn: ({ signal }) => getVersioned<K.ClusterView>(`${ROOT}/clusters/${at(id)}`, signal),
  })

/** The cluster itself is asked, which takes its time: once, and what it does not tell is said at once. */
const FAR = { staleTime: 30_000, retry: false } as const

export const clusterOverview = (id: string) =>
  queryOptions({
    queryKey: [...kubeKeys.cluster(id), 'overview'],
    queryFn: ({ signal }) => get<K.ClusterOverview>(`${ROOT}/clusters/${at(id)}/overview`, undefined, signal),
    ...FAR,
    staleTime: 10_000,
  })
export const namespaces = (id: string) =>
  queryOptions({
    queryKey: [...kubeKeys.cluster(id), 'namespaces'],
    queryFn: async ({ signal }) => {
      const { items } = await get<{ items: ({ name: string } | string)[] }>(
        `${ROOT}/clusters/${at(id)}/namespaces`,
        undefined,
        signal,
      )
      return items.map(one => (typeof one === 'string' ? one : one.name))
    },
    ...FAR,
  })
export const kinds = (id: string) =>
  queryOptions({
    queryKey: [...kubeKeys.cluster(id), 'kinds'],
    queryFn: async ({ signal }) =>
      (await get<{ items: KindView[] }>(`${ROOT}/clusters/${at(id)}/kinds`, undefined, signal)).items,
    ...FAR,
    staleTime: 300_000,
  })

export const addCluster = (body: K.ClusterInput) => post<K.ClusterView>(`${ROOT}/clusters`, body)
export const putCluster = (id: string, body: K.ClusterInput, etag: string) =>
  putVersioned<K.ClusterView>(`${ROOT}/clusters/${at(id)}`, body, etag)
export const removeCluster = (id: string) => remove(`${ROOT}/clusters/${at(id)}`)
export const checkCluster = (id: string) => post<K.ClusterCheck>(`${ROOT}/clusters/${at(id)}/check-connection`)
export const validateConnection = (body: K.ClusterInput & { id?: string }) =>
  post<K.ClusterCheck>(`${ROOT}/clusters/validate-connection`, body)

export const tokenStatus = (id: string) =>
  queryOptions({
    queryKey: [...kubeKeys.cluster(id), 'token'],
    queryFn: ({ signal }) => get<K.TokenStatus>(`${ROOT}/clusters/${at(id)}/token-status`, undefined, signal),
  })
export const tokenGuide = (id: string) =>
  queryOptions({
    queryKey: [...kubeKeys.cluster(id), 'token-guide'],
    queryFn: ({ signal }) => get<K.TokenGuide>(`${ROOT}/clusters/${at(id)}/token-guide`, undefined, signal),
    staleTime: 60_000,
  })
export const validateToken = (id: string) => post<K.TokenValidity>(`${ROOT}/clusters/${at(id)}/validate-token`)

// ── objects ─────────────────────────────────────────────────────────────────────────────────────────────────────
export interface ObjectPlace {
  cluster: string
  kind: KindView
  namespace?: string | null | undefined
  name: string
}
export interface ObjectsFilter {
  namespace?: string | undefined
  search?: string | undefined
  labels?: string | undefined
}

const KNOWN_ROUTES = new Set([
  'namespaces',
  'deployments',
  'statefulsets',
  'daemonsets',
  'jobs',
  'services',
  'ingresses',
  'pods',
  'configmaps',
  'secrets',
  'events',
  'nodes',
  'persistentvolumeclaims',
])

/** The route of a kind, and what has to be said besides. */
function route(kind: KindView): { path: string; query: Record<string, string> } {
  const slug = slugOf(kind)
  if (KNOWN_ROUTES.has(slug)) return { path: `${ROOT}/${slug}`, query: {} }
  return { path: `${ROOT}/objects`, query: { group: kind.group, version: kind.version, kind: kind.kind } }
}

export function listQuery(cluster: string, kind: KindView, filter: ObjectsFilter): { path: string; query: object } {
  const { path, query } = route(kind)
  return { path, query: { ...query, cluster_id: cluster, ...filter } }
}
export function placeQuery(place: ObjectPlace): { path: string; query: Record<string, string> } {
  const { path, query } = route(place.kind)
  return {
    path: `${path}/${at(place.name)}`,
    query: { ...query, cluster_id: place.cluster, ...(place.namespace ? { namespace: place.namespace } : {}) },
  }
}
/** `path` with what the place has to say, and `more` after it. */
function withQuery(path: string, query: Record<string, string>): string {
  return `${path}?${new URLSearchParams(query)}`
}

export const objects = (cluster: string, kind: KindView, filter: ObjectsFilter, limit = 100) =>
  infiniteQueryOptions({
    queryKey: [...kubeKeys.objects(cluster), slugOf(kind), 'pages', filter, limit],
    queryFn: ({ pageParam, signal }) => {
      const { path, query } = listQuery(cluster, kind, filter)
      return get<K.ObjectPage>(path, { ...query, limit, cursor: pageParam }, signal)
    },
    initialPageParam: null as string | null,
    getNextPageParam: page => page.next,
    retry: false,
  })
/** The names of a kind in a namespace, for a choice among them. */
export const objectNames = (cluster: string, kind: KindView, namespace: string | undefined) =>
  queryOptions({
    queryKey: [...kubeKeys.objects(cluster), slugOf(kind), 'names', namespace ?? ''],
    queryFn: async ({ signal }) => {
      const { path, query } = listQuery(cluster, kind, { namespace })
      return (await get<K.ObjectPage>(path, { ...query, limit: 500 }, signal)).items
    },
    ...FAR,
  })
export const object = (place: ObjectPlace) =>
  queryOptions({
    queryKey: [...kubeKeys.object(place), 'view'],
    queryFn: ({ signal }) => {
      const { path, query } = placeQuery(place)
      return get<K.ObjectView>(path, query, signal)
    },
    retry: false,
    // Its events and its pods come and go.
    refetchInterval: 5_000,
  })
export const objectHistory = (place: ObjectPlace) =>
  queryOptions({
    queryKey: [...kubeKeys.object(place), 'history'],
    queryFn: async ({ signal }) => {
      const { path, query } = placeQuery(place)
      return (await get<{ items: K.ObjectRevision[] }>(`${path}/history`, query, signal)).items
    },
    retry: false,
  })

function act<Answer>(place: ObjectPlace, action: string, body: unknown): Promise<Answer> {
  const { path, query } = placeQuery(place)
  return post<Answer>(withQuery(`${path}/${action}`, query), body)
}
export const scaleObject = (place: ObjectPlace, replicas: number, current: number | null) =>
  act<unknown>(place, 'scale', { replicas, ...(current === null ? {} : { current }) })
export const restartObject = (place: ObjectPlace) => act<unknown>(place, 'restart', {})
export const suspendObject = (place: ObjectPlace, suspended: boolean) => act<unknown>(place, 'suspend', { suspended })
export const rollbackObject = (place: ObjectPlace, revision: number) => act<unknown>(place, 'rollback', { revision })
export const revealSecret = (place: ObjectPlace, keys: string[]) =>
  act<{ values: Record<string, string> }>(place, 'reveal', { keys })
export function removeObject(place: ObjectPlace): Promise<void> {
  const { path, query } = placeQuery(place)
  return remove(withQuery(path, query))
}
export interface Edit {
  yaml: string
  resource_version: string
  dry_run: boolean
}
export function editObject(place: ObjectPlace, edit: Edit): Promise<K.EditResult> {
  const { path, query } = placeQuery(place)
  return put(withQuery(path, query), edit)
}

/** Makes all objects of a text, or none; what says no namespace goes into `namespace`. */
export const createObjects = (cluster: string, namespace: string | undefined, yaml: string, dry_run: boolean) =>
  post<{ items: K.MadeObject[] }>(
    withQuery(`${ROOT}/objects`, { cluster_id: cluster, ...(namespace ? { namespace } : {}) }),
    { yaml, dry_run },
  )

// ── what the browser opens itself ───────────────────────────────────────────────────────────────────────────────
export function rowsHref(cluster: string, kind: KindView, filter: ObjectsFilter): string {
  const { path, query } = listQuery(cluster, kind, { namespace: filter.namespace, labels: filter.labels })
  return `${BASE}/${path}/stream${stringifySearch({ ...query })}`
}
export interface LogsWanted {
  container?: string | undefined
  previous?: boolean | undefined
  tail: number
}
/** The log of one pod, or of all pods that a selector finds. */
export function podLogHref(cluster: string, namespace: string, pods: PodsWanted, wanted: LogsWanted): string {
  const query = { cluster_id: cluster, namespace, ...wanted, follow: true, timestamps: true }
  const path = 'pod' in pods ? `pods/${at(pods.pod)}/log/stream` : 'pods/log/stream'
  const which = 'pod' in pods ? {} : { selector: pods.selector }
  return `${BASE}/${ROOT}/${path}${stringifySearch({ ...query, ...which })}`
}
export type PodsWanted = { pod: string } | { selector: string }

export function execHref(
  cluster: string,
  namespace: string,
  pod: string,
  container: string,
  command: string[],
): string {
  const query = new URLSearchParams({ cluster_id: cluster, namespace, container, tty: 'true' })
  for (const word of command) query.append('command', word)
  return `${BASE}/${ROOT}/pods/${at(pod)}/exec?${query}`
}
