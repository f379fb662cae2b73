// Ports and volumes: what of the host goes where in the container.

import { Raw, scalarOf, type Value } from './value'

export interface Endpoint {
  host: string
  container: string
  /** The protocol of a port, the mode of a volume. */
  extra: string
  /** Written so that it cannot be taken apart: one text. */
  whole?: string
}

type What = 'ports' | 'volumes'
const PARTS = ['host', 'container', 'extra'] as const
type Part = (typeof PARTS)[number]

/** The keys of a map, each with the other words for it. */
const KEYS: Record<What, Record<Part, readonly [string, ...string[]]>> = {
  ports: {
    host: ['host', 'host_port', 'published'],
    container: ['container', 'container_port', 'target'],
    extra: ['protocol'],
  },
  volumes: {
    host: ['host', 'host_path', 'source', 'src', 'volume'],
    container: ['container', 'container_path', 'target', 'destination', 'dst', 'bind'],
    extra: ['mode'],
  },
}

/** The rows that a value means; nothing when it is none of the shapes. */
export function endpointsOf(what: What, value: Value): Endpoint[] | undefined {
  if (value instanceof Map) {
    if (isOne(what, value)) return alone(ofMap(what, value))
    const rows = [...value].map(([key, item]) => {
      const text = scalarOf(item)
      return text === undefined ? undefined : ofPair(what, key, text)
    })
    return rows.every(row => row !== undefined) ? rows : undefined
  }
  const items = Array.isArray(value) ? value : split(scalarOf(value))
  const rows = items?.map(item => (item instanceof Map ? ofMap(what, item) : ofText(what, scalarOf(item))))
  return rows?.every(row => row !== undefined) ? rows : undefined
}

/** Whether a map is one of them, and not a map of many. */
function isOne(what: What, map: Map<string, Value>): boolean {
  return [...KEYS[what].host, ...KEYS[what].container].some(key => map.has(key))
}

const alone = (row: Endpoint | undefined) => (row ? [row] : undefined)

/** `80/tcp: 8080`, `./data: /data:ro`. */
function ofPair(what: What, key: string, text: string): Endpoint {
  const [host, inside] = what === 'ports' ? [text, key] : [key, text]
  const found = (what === 'ports' ? /^([^/]+)\/([a-z]+)$/ : /^([^:]+):(ro|rw)$/).exec(inside)
  return { host, container: found?.[1] ?? inside, extra: found?.[2] ?? '' }
}

function pairOf(what: What, { host, container, extra }: Endpoint): [string, string] {
  if (what === 'ports') return [extra === '' ? container : `${container}/${extra}`, host]
  return [host, extra === '' ? container : `${container}:${extra}`]
}

function split(text: string | undefined): string[] | undefined {
  return text
    ?.split(',')
    .map(item => item.trim())
    .filter(item => item !== '')
}

function ofMap(what: What, map: Map<string, Value>): Endpoint | undefined {
  const row: Record<Part, string> = { host: '', container: '', extra: '' }
  const given = new Set<Part>()
  for (const [key, item] of map) {
    const part = PARTS.find(one => KEYS[what][one].includes(key))
    const text = scalarOf(item)
    if (part === undefined || text === undefined || given.has(part)) return undefined
    given.add(part)
    row[part] = text
  }
  return row
}

function ofText(what: What, text: string | undefined): Endpoint | undefined {
  if (text === undefined) return undefined
  const pattern = what === 'ports' ? /^(?:([^:/]*):)?([^:/]+)(?:\/([a-z]+))?$/ : /^([^:]+):([^:]+)(?::([a-z,]+))?$/i
  const found = /\{\{/.test(text) ? null : pattern.exec(text)
  const row = found ? { host: found[1] ?? '', container: found[2] ?? '', extra: found[3] ?? '' } : undefined
  return row && textOf(what, row) === text ? row : { host: '', container: '', extra: '', whole: text }
}

function textOf(what: What, { host, container, extra, whole }: Endpoint): string {
  if (whole !== undefined) return whole
  const both = host === '' ? container : `${host}:${container}`
  return extra === '' ? both : `${both}${what === 'ports' ? '/' : ':'}${extra}`
}

function equal(a: Endpoint, b: Endpoint): boolean {
  return a.host === b.host && a.container === b.container && a.extra === b.extra && a.whole === b.whole
}

/** The same rows in the shape of the old value, else in the shape that can say them. */
export function endpointsValue(what: What, rows: Endpoint[], old: Value | undefined): Value {
  const one = old instanceof Map && isOne(what, old) ? old : undefined
  if (one && rows.length === 1) return rowValue(what, rows[0] as Endpoint, one)
  if (old instanceof Map && !one && old.size > 0) {
    const map = asMap(what, rows, old)
    if (map) return map
  }
  const before = Array.isArray(old) ? old : one ? [one] : []
  const parsed = before.map(item => (item instanceof Map ? ofMap(what, item) : ofText(what, scalarOf(item))))
  return rows.map((row, index) => {
    const kept = [index, ...parsed.keys()].find(at => parsed[at] && equal(parsed[at], row))
    if (kept !== undefined) return before[kept] as Value
    return rowValue(what, row, before[index] ?? before[0])
  })
}

function asMap(what: What, rows: Endpoint[], old: Map<string, Value>): Value | undefined {
  const entries = rows.map(row => pairOf(what, row))
  const isSaid = rows.every((row, index) => equal(ofPair(what, ...(entries[index] as [string, string])), row))
  if (!isSaid || new Set(entries.map(([key]) => key)).size < entries.length) return undefined
  const map = new Map(
    entries.map(([key, text]): [string, Value] => {
      const was = old.get(key)
      return [key, was !== undefined && scalarOf(was) === text ? was : text]
    }),
  )
  return isOne(what, map) ? undefined : map
}

function rowValue(what: What, row: Endpoint, model: Value | undefined): Value {
  const text = textOf(what, row)
  const back = ofText(what, text)
  // What a text would not say again, such as an empty field, a map says.
  if (row.whole !== undefined || (!(model instanceof Map) && back && equal(back, row))) return text
  const map = new Map<string, Value>()
  const put = (part: Part) => {
    const value = row[part]
    const [usual, ...others] = KEYS[what][part]
    // In the word that stands there.
    const key = others.find(other => model instanceof Map && model.has(other)) ?? usual
    const was = model instanceof Map ? model.get(key) : undefined
    const number = /^[1-9]\d{0,4}$/.test(value) && (was === undefined || was instanceof Raw) && what === 'ports'
    if (value !== '') map.set(key, was !== undefined && scalarOf(was) === value ? was : number ? new Raw(value) : value)
  }
  for (const part of PARTS) put(part)
  return map
}
