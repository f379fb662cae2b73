// From the value that is written to the value that is meant, one smallest change at a time.

import { isMap, isSeq } from 'yaml'
import { Refused } from './extent'
import { insertItem, removeItem } from './items'
import type { Change } from './lines'
import { insertPair, removePair, renameKey } from './pairs'
import { type How, replaceValue } from './replace'
import { at, type Path, read, type Tree } from './tree'
import { Source, same, type Value, type ValueMap } from './value'

/** The next change; nothing when the value is there. */
export function assignStep(tree: Tree, path: Path, value: Value, how: How): Change[] | null {
  const place = at(tree, path)
  if (!place) throw new Refused('gone')
  const old = read(tree, place.node)
  if (same(old, value)) return null
  if (value instanceof Source) return replaceValue(tree, path, value, how)
  if (isMap(place.node) && old instanceof Map && value instanceof Map && old.size > 0 && value.size > 0) {
    return mapStep(tree, path, old, value, how)
  }
  if (isSeq(place.node) && Array.isArray(old) && Array.isArray(value) && old.length > 0 && value.length > 0) {
    return listStep(tree, path, old, value, how)
  }
  return replaceValue(tree, path, value, how)
}

function mapStep(tree: Tree, path: Path, old: ValueMap, value: ValueMap, how: How): Change[] | null {
  const [before, after] = [[...old.keys()], [...value.keys()]]
  const kept = before.filter(key => value.has(key))
  if (kept.join('\n') !== after.filter(key => old.has(key)).join('\n')) return replaceValue(tree, path, value, how)
  for (const key of kept) {
    const step = same(old.get(key), value.get(key))
      ? null
      : assignOwn(tree, [...path, key], value.get(key) as Value, how)
    if (step) return step
  }
  if (before.length === after.length) {
    const index = before.findIndex((key, at) => !value.has(key) && !old.has(after[at] as string))
    if (index >= 0) return renameKey(tree, path, before[index] as string, after[index] as string)
  }
  const added = after.findIndex(key => !old.has(key))
  if (added >= 0) {
    const key = after[added] as string
    return insertPair(tree, path, key, value.get(key) as Value, added === 0 ? null : after[added - 1], how)
  }
  const removed = before.find(key => !value.has(key))
  return removed === undefined ? null : removePair(tree, path, removed)
}

/** A value that `<<` brings in is overridden beside it. */
function assignOwn(tree: Tree, path: Path, value: Value, how: How): Change[] | null {
  if (!at(tree, path)?.shared) return assignStep(tree, path, value, how)
  return insertPair(tree, path.slice(0, -1), String(path[path.length - 1]), value, undefined, how)
}

function listStep(tree: Tree, path: Path, old: Value[], value: Value[], how: How): Change[] | null {
  const most = Math.min(old.length, value.length)
  let head = 0
  while (head < most && same(old[head], value[head])) head += 1
  let tail = 0
  while (tail < most - head && same(old[old.length - 1 - tail], value[value.length - 1 - tail])) tail += 1
  if (head < old.length - tail && head < value.length - tail)
    return assignStep(tree, [...path, head], value[head] as Value, how)
  if (head < old.length - tail) return removeItem(tree, path, head)
  return insertItem(tree, path, head, value[head] as Value, how)
}
