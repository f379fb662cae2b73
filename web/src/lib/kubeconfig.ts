// What of a kubeconfig is shown while it is being given: its contexts. Whether it may be used, only the server says.

import { parse } from 'yaml'

export interface Context {
  name: string
  server: string | null
  namespace: string | null
}
export interface Contexts {
  all: Context[]
  current: string | null
}

const MOST = 1024 * 1024

/** Null: this is no kubeconfig, or not a whole one yet. */
export function contextsOf(text: string): Contexts | null {
  if (text.trim() === '' || text.length > MOST) return null
  let read: unknown
  try {
    read = parse(text, { maxAliasCount: 0 })
  } catch {
    return null
  }
  const contexts = list(read, 'contexts')
  if (contexts.length === 0) return null
  const servers = new Map(list(read, 'clusters').map(one => [word(one, 'name'), word(field(one, 'cluster'), 'server')]))
  const all = contexts.flatMap(one => {
    const name = word(one, 'name')
    const about = field(one, 'context')
    return name === null
      ? []
      : [{ name, server: servers.get(word(about, 'cluster')) ?? null, namespace: word(about, 'namespace') }]
  })
  const current = word(read, 'current-context')
  return all.length === 0 ? null : { all, current: all.some(one => one.name === current) ? current : null }
}

function field(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined
}
function word(value: unknown, key: string): string | null {
  const found = field(value, key)
  return typeof found === 'string' && found !== '' ? found : null
}
function list(value: unknown, key: string): unknown[] {
  const found = field(value, key)
  return Array.isArray(found) ? found : []
}
