// What a YAML text says, precise enough to compare: a number or Boolean is kept as it is written.

/** An unquoted scalar that is no text: a number, a Boolean, null; also an alias, where one is written. */
export class Raw {
  constructor(readonly text: string) {}
}

/** A piece of YAML to be written as it stands, moved to its place; read it is what it says. */
export class Source {
  constructor(
    readonly text: string,
    readonly means: Value,
  ) {}
}

export type Value = string | Raw | Source | Value[] | ValueMap
export type ValueMap = Map<string, Value>

export const NULL = new Raw('')

export function isNull(value: Value | undefined): boolean {
  return value instanceof Raw && /^(|~|null|Null|NULL)$/.test(value.text)
}

/** Whether two values say the same; the order of keys says nothing. */
export function same(a: Value | undefined, b: Value | undefined): boolean {
  if (a instanceof Source) return same(a.means, b)
  if (b instanceof Source) return same(a, b.means)
  if (a === b) return true
  if (a === undefined || b === undefined || typeof a === 'string' || typeof b === 'string') return false
  if (a instanceof Raw || b instanceof Raw) {
    if (!(a instanceof Raw && b instanceof Raw)) return false
    return a.text === b.text || (isNull(a) && isNull(b))
  }
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false
    return a.every((item, index) => same(item, b[index]))
  }
  if (a.size !== b.size) return false
  for (const [key, value] of a) if (!b.has(key) || !same(value, b.get(key))) return false
  return true
}

/** From JSON. */
export function fromJson(json: unknown): Value {
  if (typeof json === 'string') return json
  if (json === null || json === undefined) return new Raw('null')
  if (Array.isArray(json)) return json.map(fromJson)
  if (typeof json === 'object') return new Map(Object.entries(json).map(([key, item]) => [key, fromJson(item)]))
  return new Raw(String(json))
}

/** The text of a scalar, as written; nothing for a list or a map. */
export function scalarOf(value: Value | undefined): string | undefined {
  if (typeof value === 'string') return value
  if (value instanceof Raw) return isNull(value) ? '' : value.text
  return undefined
}

/** A copy in which the value at a place is another, or gone. */
export function changedAt(
  value: Value | undefined,
  path: readonly (string | number)[],
  change: (old: Value | undefined) => Value | undefined,
): Value | undefined {
  const [first, ...rest] = path
  if (first === undefined) return change(value)
  if (typeof first === 'number') {
    const list = Array.isArray(value) ? [...value] : []
    const item = changedAt(list[first], rest, change)
    if (item === undefined) list.splice(first, 1)
    else list[first] = item
    return list
  }
  const map: ValueMap = new Map(value instanceof Map ? value : [])
  const item = changedAt(map.get(first), rest, change)
  if (item === undefined) map.delete(first)
  else map.set(first, item)
  return map
}
