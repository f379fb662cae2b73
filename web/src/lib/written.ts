// What somebody wrote of a new object beside what the cluster makes of it: in one order and one hand, so that only what
// the cluster adds or changes differs.

import { parse, parseAllDocuments, stringify } from 'yaml'
import type { MadeObject } from './kubeApi'

/** Both texts; nothing before where the object cannot be found in what was written. */
export function beside(written: string, made: MadeObject): { before: string; after: string } {
  let after: unknown
  let all: unknown[]
  try {
    after = parse(made.after, { maxAliasCount: 0 })
    all = parseAllDocuments(written).flatMap(document => objects(document.toJS({ maxAliasCount: 100 })))
  } catch {
    return { before: '', after: made.after }
  }
  const found = all.find(one => {
    const { kind, metadata } = map(one)
    return kind === made.kind && map(metadata).name === made.name
  })
  if (found === undefined) return { before: '', after: made.after }
  return { before: text(inOrderOf(found, after)), after: text(after) }
}

const map = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {}

/** An object, or those of a List. */
function objects(read: unknown): unknown[] {
  const { kind, items } = map(read)
  return typeof kind === 'string' && kind.endsWith('List') && Array.isArray(items) ? items : [read]
}

/** With its keys as the other has them; what the other has not comes last. */
function inOrderOf(value: unknown, other: unknown): unknown {
  if (Array.isArray(value)) {
    const others = Array.isArray(other) ? other : []
    return value.map((one, index) => inOrderOf(one, others[index]))
  }
  if (typeof value !== 'object' || value === null) return value
  const [mine, theirs] = [map(value), map(other)]
  const keys = [...Object.keys(theirs).filter(key => key in mine), ...Object.keys(mine).filter(key => !(key in theirs))]
  return Object.fromEntries(keys.map(key => [key, inOrderOf(mine[key], theirs[key])]))
}

const text = (value: unknown): string => stringify(value, { lineWidth: 0, aliasDuplicateObjects: false })
