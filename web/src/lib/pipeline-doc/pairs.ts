// Keys of maps: added, taken away, renamed.

import { isMap, isScalar, type Node, type Pair, type YAMLMap } from 'yaml'
import { colonEnd, flowExtents, keyStart, lastLine, pairEnd, Refused, styleOf } from './extent'
import type { Change } from './lines'
import { type How, inFlow, replaceValue } from './replace'
import { keyText } from './scalar'
import { at, isBlock, isMerge, keyOf, type Path, type Tree } from './tree'
import { Raw, type Value } from './value'
import { flow, indented, pairLines } from './write'

/** Behind which key a new one goes; `null`: before all; left out: behind all. */
export type After = string | null | undefined

function ownMap(tree: Tree, path: Path): YAMLMap | null {
  const place = at(tree, path)
  if (!place || place.shared) throw new Refused(place?.shared ?? 'gone')
  return isMap(place.node) ? place.node : null
}

/** A key more. The map may be nothing yet. */
export function insertPair(tree: Tree, path: Path, key: string, value: Value, after: After, how: How): Change[] {
  const map = ownMap(tree, path)
  if (!map || map.items.length === 0) return insertFirst(tree, path, key, value, how)
  if (!isBlock(map)) return insertInFlow(tree, map, key, value, after)
  if (inFlow(tree, path)) throw new Refused('layout')
  const pairs = map.items as Pair[]
  const column = tree.lines.column(keyStart(pairs[0] as Pair))
  const lines = entryLines(tree, key, value, how)
  if (after === null) {
    const from = keyStart(pairs[0] as Pair)
    return [{ from, to: from, insert: `${indented(lines, column).join('\n').trimStart()}\n${' '.repeat(column)}` }]
  }
  const previous =
    (after === undefined ? undefined : pairs.find(pair => keyOf(tree, pair) === after)) ?? pairs[pairs.length - 1]
  const from = tree.lines.end(lastLine(tree, pairEnd(tree, previous as Pair), column))
  return [
    {
      from,
      to: from,
      insert: indented(lines, column)
        .map(line => `\n${line}`)
        .join(''),
    },
  ]
}

/** `<<` merges only in front of an alias; any other value belongs to a key of that name, which is quoted. */
const merges = (key: string, value: Value): value is Raw =>
  key === '<<' && value instanceof Raw && value.text.startsWith('*')

function entryLines(tree: Tree, key: string, value: Value, how: How): string[] {
  if (merges(key, value)) return [`<<: ${value.text}`]
  return pairLines(key, value, styleOf(tree), how.quoted)
}

function insertFirst(tree: Tree, path: Path, key: string, value: Value, how: How): Change[] {
  if (path.length > 0) return replaceValue(tree, path, new Map([[key, value]]), how)
  // The file itself is empty, but for comments.
  if (tree.root && tree.text.slice(tree.root.range?.[0], tree.root.range?.[1]).trim() !== '')
    throw new Refused('layout')
  const from = tree.text.length
  const glue = tree.text === '' || tree.text.endsWith('\n') ? '' : '\n'
  return [{ from, to: from, insert: `${glue}${entryLines(tree, key, value, how).join('\n')}\n` }]
}

function insertInFlow(tree: Tree, map: YAMLMap, key: string, value: Value, after: After): Change[] {
  const entry = `${merges(key, value) ? key : keyText(key, true)}: ${flow(value)}`
  const extents = flowExtents(map)
  if (after === null) {
    const from = extents[0]?.from ?? 0
    return [{ from, to: from, insert: `${entry}, ` }]
  }
  const found = after === undefined ? -1 : map.items.findIndex(pair => keyOf(tree, pair as Pair) === after)
  const index = found < 0 ? extents.length - 1 : found
  return [insertBehind(tree, extents, index, entry)]
}

/** Between brackets, behind an entry; on a line of its own where that one has one. */
export function insertBehind(
  tree: Tree,
  extents: { from: number; to: number }[],
  index: number,
  entry: string,
): Change {
  const previous = extents[index]
  if (!previous) throw new Refused('layout')
  const line = tree.lines.at(previous.from)
  const ownLine = tree.text.slice(tree.lines.start(line), previous.from).trim() === ''
  const gap = ownLine ? `\n${' '.repeat(tree.lines.indent(line))}` : ' '
  return { from: previous.to, to: previous.to, insert: `,${gap}${entry}` }
}

/** A key less. Comments on lines of their own stay. */
export function removePair(tree: Tree, path: Path, key: string): Change[] {
  const map = ownMap(tree, path)
  const index = map?.items.findIndex(pair => !isMerge(tree, pair as Pair) && keyOf(tree, pair as Pair) === key) ?? -1
  const pair = map?.items[index] as Pair | undefined
  if (!map || !pair) throw new Refused('gone')
  if (!isBlock(map)) return [removeInFlow(tree, map, flowExtents(map), index)]
  if (map.items.length === 1)
    return path.length === 0 ? removeLines(tree, pair) : replaceValue(tree, path, new Map(), { quoted: false })
  const from = keyStart(pair)
  const line = tree.lines.at(from)
  if (tree.text.slice(tree.lines.start(line), from).trim() === '') return removeLines(tree, pair)
  // It stands behind a dash: the next key takes its place.
  const next = map.items[index + 1] as Pair | undefined
  if (!next) throw new Refused('layout')
  const between = tree.text.slice(tree.lines.end(tree.lines.at(pairEnd(tree, pair))), keyStart(next))
  const to = between.trim() === '' ? keyStart(next) : tree.lines.end(tree.lines.at(pairEnd(tree, pair)))
  return [{ from: between.trim() === '' ? from : from - 1, to, insert: '' }]
}

function removeLines(tree: Tree, pair: Pair): Change[] {
  const first = tree.lines.at(keyStart(pair))
  const last = tree.lines.at(pairEnd(tree, pair))
  return [linesOut(tree, first, last)]
}

/** Lines out, with their line break. */
export function linesOut(tree: Tree, first: number, last: number): Change {
  const { lines } = tree
  if (last + 1 < lines.count) return { from: lines.start(first), to: lines.start(last + 1), insert: '' }
  return { from: first > 0 ? lines.end(first - 1) : 0, to: lines.end(last), insert: '' }
}

export function removeInFlow(tree: Tree, node: Node, extents: { from: number; to: number }[], index: number): Change {
  const here = extents[index]
  const next = extents[index + 1]
  const previous = extents[index - 1]
  if (!here) throw new Refused('gone')
  if (next) return { from: here.from, to: next.from, insert: '' }
  if (previous) return { from: previous.to, to: here.to, insert: '' }
  const [from = 0, to = 0] = node.range ?? []
  return { from, to, insert: tree.text[from] === '[' ? '[]' : '{}' }
}

/** Another key for the same value. */
export function renameKey(tree: Tree, path: Path, from: string, to: string): Change[] {
  const map = ownMap(tree, path)
  const pair = map?.items.find(pair => keyOf(tree, pair as Pair) === from) as Pair | undefined
  if (!map || !pair || !isScalar(pair.key) || !pair.key.range) throw new Refused('gone')
  colonEnd(pair)
  const [start, end] = pair.key.range
  return [{ from: start, to: end, insert: keyText(to, !isBlock(map)) }]
}
