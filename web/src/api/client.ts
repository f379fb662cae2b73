// The only caller of `fetch`: JSON in, JSON out, every refusal an `ApiProblem`.

import { stringifySearch } from '../lib/search'
import type { Problem } from './types'

export const BASE = '/api/v1'

/** What the server refused, or what kept us from reaching it (`status` 0). */
export class ApiProblem extends Error {
  constructor(
    readonly problem: Problem,
    /** Seconds to wait (429, 503), when the server said so. */
    readonly retryAfter: number | null = null,
  ) {
    super(problem.detail)
    this.name = 'ApiProblem'
  }
  get status(): number {
    return this.problem.status
  }
  get code(): string {
    return this.problem.code
  }
}

/** A thing together with its ETag, which its next update must name. */
export type Versioned<T> = T & { readonly etag: string }

interface Call {
  method?: string
  query?: object
  body?: unknown
  /** Sent as `If-Match`. */
  etag?: string
  headers?: Record<string, string>
  signal?: AbortSignal
}

async function call(path: string, { method = 'GET', query, body, etag, headers, signal }: Call): Promise<Response> {
  const init: RequestInit = {
    method,
    credentials: 'same-origin',
    headers: {
      Accept: 'application/json',
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...(etag === undefined ? {} : { 'If-Match': etag }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal ? { signal } : {}),
  }
  const url = path.startsWith('/') ? path : `${BASE}/${path}`
  const response = await fetch(url + stringifySearch({ ...query }), init).catch((error: unknown) => {
    if (signal?.aborted) throw error
    throw unreachable()
  })
  if (!response.ok) throw await refusal(response)
  return response
}

async function refusal(response: Response): Promise<ApiProblem> {
  const retryAfter = Number(response.headers.get('Retry-After')) || null
  const body: unknown = await response.json().catch(() => null)
  const given = typeof body === 'object' && body !== null ? (body as Partial<Problem>) : {}
  const problem: Problem = {
    type: 'about:blank',
    title: response.statusText,
    code: `http_${response.status}`,
    detail: '',
    help: null,
    field: null,
    request_id: response.headers.get('X-Request-Id') ?? '',
    diagnostics: null,
    ...given,
    status: response.status,
  }
  return new ApiProblem(problem, retryAfter)
}

function unreachable(): ApiProblem {
  return new ApiProblem({
    type: 'about:blank',
    title: '',
    status: 0,
    code: 'unreachable',
    detail: '',
    help: null,
    field: null,
    request_id: '',
    diagnostics: null,
  })
}

async function answer<T>(response: Response): Promise<T> {
  const text = await response.text()
  // 204 and 202 may have no body; callers of such routes ask for `void`.
  return (text === '' ? undefined : JSON.parse(text)) as T
}

export async function get<T>(path: string, query?: object, signal?: AbortSignal): Promise<T> {
  return answer(await call(path, { ...(query ? { query } : {}), ...(signal ? { signal } : {}) }))
}

export async function getVersioned<T extends object>(path: string, signal?: AbortSignal): Promise<Versioned<T>> {
  return versioned(await call(path, signal ? { signal } : {}))
}

export async function getText(path: string, signal?: AbortSignal): Promise<string> {
  return (await call(path, { headers: { Accept: 'text/plain, */*' }, ...(signal ? { signal } : {}) })).text()
}

export async function post<T>(path: string, body?: unknown, headers?: Record<string, string>): Promise<T> {
  return answer(await call(path, { method: 'POST', body, ...(headers ? { headers } : {}) }))
}

export async function put<T>(path: string, body: unknown): Promise<T> {
  return answer(await call(path, { method: 'PUT', body }))
}

/** An update that must not overwrite what somebody else changed meanwhile: 412 when stale. */
export async function putVersioned<T extends object>(path: string, body: unknown, etag: string): Promise<Versioned<T>> {
  return versioned(await call(path, { method: 'PUT', body, etag }))
}

export async function remove(path: string): Promise<void> {
  await call(path, { method: 'DELETE' })
}

async function versioned<T extends object>(response: Response): Promise<Versioned<T>> {
  const etag = response.headers.get('ETag') ?? ''
  return { ...(await answer<T>(response)), etag }
}
