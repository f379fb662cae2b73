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
const EXTRA = { ports: 'protocol', volumes: 'mode' } as const

/** The rows that a value means; nothing when it is none of the shapes. */
export function endpointsOf(what: What, value: Value): Endpoint[] | undefined {
  if (value instanceof Map) {
    const rows = [...value].map(([key, item]) => {
      const text = scalarOf(item)
      if (text === undefined) return undefined
      return what === 'ports' ? { host: text, container: key, extra: '' } : { host: key, container: text, extra: '' }
    })
    return rows.every(row => row !== undefined) ? rows : undefined
  }
  const items = Array.isArray(value) ? value : split(scalarOf(value))
  const rows = items?.map(item => (item instanceof Map ? ofMap(what, item) : ofText(what, scalarOf(item))))
  return rows?.every(row => row !== undefined) ? rows : undefined
}

function split(text: string | undefined): string[] | undefined {
  return text
    ?.split(',')
    .map(item => item.trim())
    .filter(item => item !== '')
}

function ofMap(what: What, map: Map<string, Value>): Endpoint | undefined {
  const extra = EXTRA[what]
  if ([...map.keys()].some(key => key !== 'host' && key !== 'container' && key !== extra)) return undefined
  const [host, container, more] = [map.get('host'), map.get('container'), map.get(extra)].map(item =>
    item === undefined ? '' : scalarOf(item),
  )
  return host === undefined || container === undefined || more === undefined
    ? undefined
    : { host, container, extra: more }
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
  if (old instanceof Map && old.size > 0) {
    const map = asMap(what, rows, old)
    if (map) return map
  }
  const before = Array.isArray(old) ? old : []
  const parsed = before.map(item => (item instanceof Map ? ofMap(what, item) : ofText(what, scalarOf(item))))
  return rows.map((row, index) => {
    const kept = [index, ...parsed.keys()].find(at => parsed[at] && equal(parsed[at], row))
    if (kept !== undefined) return before[kept] as Value
    return rowValue(what, row, before[index] ?? before[0])
  })
}

function asMap(what: What, rows: Endpoint[], old: Map<string, Value>): Value | undefined {
  const entries = rows.map(
    ({ host, container }) => (what === 'ports' ? [container, host] : [host, container]) as [string, string],
  )
  const plain = rows.every(row => row.extra === '' && row.whole === undefined)
  if (!plain || new Set(entries.map(([key]) => key)).size < entries.length) return undefined
  return new Map(
    entries.map(([key, text]) => {
      const was = old.get(key)
      return [key, was !== undefined && scalarOf(was) === text ? was : text]
    }),
  )
}

function rowValue(what: What, row: Endpoint, model: Value | undefined): Value {
  const text = textOf(what, row)
  const back = ofText(what, text)
  // What a text would not say again, such as an empty field, a map says.
  if (row.whole !== undefined || (!(model instanceof Map) && back && equal(back, row))) return text
  const map = new Map<string, Value>()
  const put = (key: string, value: string) => {
    const was = model instanceof Map ? model.get(key) : undefined
    const number = /^[1-9]\d{0,4}$/.test(value) && (was === undefined || was instanceof Raw) && what === 'ports'
    if (value !== '') map.set(key, was !== undefined && scalarOf(was) === value ? was : number ? new Raw(value) : value)
  }
  put('host', row.host)
  put('container', row.container)
  put(EXTRA[what], row.extra)
  return map
}
