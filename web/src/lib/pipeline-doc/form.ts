// What a field of the form shows of a value, and the value that it means.

import { parse as parseYaml } from 'yaml'
import type { Kind } from './catalogue'
import { type Endpoint, endpointsOf, endpointsValue } from './endpoints'
import { Refused } from './extent'
import { fromJson, isNull, Raw, Source, scalarOf, type Value } from './value'

export type FormValue =
  | { as: 'text'; text: string }
  | { as: 'list'; items: string[] }
  | { as: 'pairs'; pairs: [string, string][] }
  | { as: 'rows'; rows: Endpoint[] }
  /** YAML in place (`inline`), or a text of it. */
  | { as: 'tree'; text: string; inline: boolean }
  | { as: 'object' }
  | { as: 'objects'; count: number }
  /** Not of a shape that a field of this kind can show. */
  | { as: 'odd' }

const WHOLE = /^(0|-?[1-9]\d{0,17})$/

/** What stands there, as the field of this kind shows it; `source` is the YAML of the value where it is a tree. */
export function toForm(kind: Kind, value: Value, source: string): FormValue {
  const scalar = scalarOf(value)
  switch (kind) {
    case 'text_list':
      if (scalar !== undefined) return { as: 'list', items: splitList(scalar) }
      return Array.isArray(value) ? listForm(value) : { as: 'odd' }
    case 'words':
      if (scalar !== undefined) return { as: 'text', text: scalar }
      return Array.isArray(value) ? listForm(value) : { as: 'odd' }
    case 'text_map':
      return pairsForm(value)
    case 'ports':
    case 'volumes': {
      const rows = endpointsOf(kind, value)
      return rows ? { as: 'rows', rows } : { as: 'odd' }
    }
    case 'yaml':
    case 'manifests':
      return scalar === undefined
        ? { as: 'tree', text: source, inline: true }
        : { as: 'tree', text: scalar, inline: false }
    case 'object':
      return value instanceof Map || isNull(value) ? { as: 'object' } : { as: 'odd' }
    case 'objects':
      return Array.isArray(value) ? { as: 'objects', count: value.length } : { as: 'odd' }
    default:
      return scalar === undefined ? { as: 'odd' } : { as: 'text', text: scalar }
  }
}

/** The value that a field means, in the shape in which the old one is written wherever that can say it. */
export function fromForm(kind: Kind, form: FormValue, old?: Value): Value {
  switch (form.as) {
    case 'text':
      return textValue(kind, form.text, old)
    case 'list':
      return listValue(kind, form.items, old)
    case 'pairs':
      return pairsValue(form.pairs, old)
    case 'rows':
      return endpointsValue(kind === 'volumes' ? 'volumes' : 'ports', form.rows, old)
    case 'tree':
      return form.inline ? treeValue(form.text) : form.text
    case 'object':
      return new Map()
    case 'objects':
      return Array.from({ length: form.count }, () => new Map())
    case 'odd':
      throw new Refused('layout')
  }
}

/** A number or a Boolean is written without quotes where the field is of such a kind, or where it was so before. */
function textValue(kind: Kind, text: string, old: Value | undefined): Value {
  if (old instanceof Raw && scalarOf(old) === text && !isNull(old)) return old
  const number = kind === 'integer' || kind === 'duration' || (old instanceof Raw && WHOLE.test(old.text))
  if (number && WHOLE.test(text)) return new Raw(text)
  if (kind === 'boolean' && (text === 'true' || text === 'false')) return new Raw(text)
  return text
}

/** One text with commas in between. */
export function splitList(text: string): string[] {
  return text
    .split(',')
    .map(item => item.trim())
    .filter(item => item !== '')
}

function listForm(value: Value[]): FormValue {
  const items = value.map(scalarOf)
  return items.every(item => item !== undefined) ? { as: 'list', items } : { as: 'odd' }
}

function listValue(kind: Kind, items: string[], old: Value | undefined): Value {
  const text = scalarOf(old)
  if (kind === 'text_list' && text !== undefined && !isNull(old)) {
    const joined = items.join(', ')
    if (items.length > 0 && same(splitList(joined), items))
      return same(splitList(text), items) ? (old as Value) : joined
  }
  const before = Array.isArray(old) ? old : []
  return items.map((item, index) => {
    const candidates = [before[index], ...before]
    return candidates.find(candidate => candidate !== undefined && scalarOf(candidate) === item) ?? item
  })
}

function same(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index])
}

/** A map, or a list of `{key, value}` or `KEY=VALUE`. */
function pairsForm(value: Value): FormValue {
  if (isNull(value)) return { as: 'pairs', pairs: [] }
  const pairs: ([string, string] | undefined)[] =
    value instanceof Map
      ? [...value].map(([key, item]) => pair(key, scalarOf(item)))
      : Array.isArray(value)
        ? value.map(entryPair)
        : [undefined]
  return pairs.every(pair => pair !== undefined) ? { as: 'pairs', pairs } : { as: 'odd' }
}

function pair(key: string | undefined, value: string | undefined): [string, string] | undefined {
  return key === undefined || value === undefined ? undefined : [key, value]
}

function entryPair(item: Value): [string, string] | undefined {
  if (item instanceof Map) return pair(scalarOf(item.get('key') ?? item.get('name')), scalarOf(item.get('value')))
  const text = scalarOf(item)
  const at = text?.indexOf('=') ?? -1
  return text === undefined || at < 0 ? undefined : [text.slice(0, at), text.slice(at + 1)]
}

function pairsValue(pairs: [string, string][], old: Value | undefined): Value {
  if (Array.isArray(old) && old.length > 0) return pairs.map((pair, index) => entryValue(pair, old[index], old))
  if (new Set(pairs.map(([key]) => key)).size < pairs.length) throw new Refused('twice')
  const before = old instanceof Map ? old : new Map<string, Value>()
  return new Map(
    pairs.map(([key, text]) => {
      const value = before.get(key)
      return [key, value !== undefined && scalarOf(value) === text ? value : text]
    }),
  )
}

function entryValue([key, text]: [string, string], here: Value | undefined, old: Value[]): Value {
  for (const candidate of [here, ...old]) {
    const was = candidate === undefined ? undefined : entryPair(candidate)
    if (was && was[0] === key && was[1] === text) return candidate as Value
  }
  const model = here ?? old[0]
  if (!(model instanceof Map) && !key.includes('=')) return `${key}=${text}`
  const changed = new Map(here instanceof Map ? here : [])
  changed.set(changed.has('name') ? 'name' : 'key', key)
  changed.set('value', text)
  return changed
}

function treeValue(text: string): Value {
  try {
    const json: unknown = parseYaml(text, { version: '1.2', merge: true, maxAliasCount: 100 })
    return new Source(text, fromJson(json))
  } catch {
    throw new Refused('invalid')
  }
}
