// Entries of lists: added, taken away, moved, each with the comments that stand above it.

import { isSeq, type Node, type YAMLSeq } from 'yaml'
import { dashAt, flowExtents, itemEnd, lastLine, Refused, styleOf } from './extent'
import type { Change } from './lines'
import { insertBehind, linesOut, removeInFlow } from './pairs'
import { type How, inFlow, replaceValue } from './replace'
import { at, isBlock, type Path, type Tree } from './tree'
import { Source, type Value } from './value'
import { flow, indented, itemLines } from './write'

/** The lines of an entry, its comments included, and how many blank lines stand above. */
interface Block {
  first: number
  last: number
  blank: number
}

function ownSeq(tree: Tree, path: Path): YAMLSeq | null {
  const place = at(tree, path)
  if (!place || place.shared) throw new Refused(place?.shared ?? 'gone')
  return isSeq(place.node) ? place.node : null
}

function blocksOf(tree: Tree, seq: YAMLSeq): { column: number; blocks: Block[] } {
  const { lines } = tree
  const column = lines.column(dashAt(seq, 0))
  const blocks: Block[] = []
  for (let index = 0; index < seq.items.length; index += 1) {
    const dash = dashAt(seq, index)
    const line = lines.at(dash)
    if (tree.text.slice(lines.start(line), dash).trim() !== '' || lines.column(dash) !== column)
      throw new Refused('layout')
    const floor = blocks[index - 1]?.last ?? contentAbove(tree, line)
    let first = line
    while (first - 1 > floor && lines.isComment(first - 1)) first -= 1
    let blank = 0
    while (first - 1 - blank > floor && lines.isBlank(first - 1 - blank)) blank += 1
    blocks.push({ first, last: lastLine(tree, itemEnd(tree, seq, index), column), blank })
  }
  return { column, blocks }
}

/** The line above that is neither blank nor a comment: that of the list's key. */
function contentAbove(tree: Tree, line: number): number {
  let above = line - 1
  while (above >= 0 && (tree.lines.isBlank(above) || tree.lines.isComment(above))) above -= 1
  return above
}

/** An entry more. Its lines begin with the dash at column 0. */
export function insertItem(tree: Tree, path: Path, index: number, value: Value, how: How): Change[] {
  const seq = ownSeq(tree, path)
  const style = styleOf(tree)
  const source = value instanceof Source && /^(#.*\n)*- /.test(value.text)
  if (!seq || seq.items.length === 0) {
    const text = source ? value.text : itemLines(value, style, how.quoted).join('\n')
    return replaceValue(tree, path, new Source(text, [value instanceof Source ? value.means : value]), how)
  }
  if (!isBlock(seq)) {
    const extents = flowExtents(seq)
    if (index > 0) return [insertBehind(tree, extents, index - 1, flow(value))]
    return [{ from: extents[0]?.from ?? 0, to: extents[0]?.from ?? 0, insert: `${flow(value)}, ` }]
  }
  if (inFlow(tree, path)) throw new Refused('layout')
  const { column, blocks } = blocksOf(tree, seq)
  const lines = indented(source ? value.text.split('\n') : itemLines(value, style, how.quoted), column)
  return [insertLines(tree, blocks, index, lines, blocks[1]?.blank ?? 0)]
}

function insertLines(
  tree: Tree,
  blocks: readonly Block[],
  index: number,
  lines: readonly string[],
  blank: number,
): Change {
  const gap = Array<string>(blank).fill('')
  const previous = blocks[index - 1]
  if (previous) {
    const from = tree.lines.end(previous.last)
    return { from, to: from, insert: [...gap, ...lines].map(line => `\n${line}`).join('') }
  }
  const from = tree.lines.start(blocks[0]?.first ?? 0)
  return { from, to: from, insert: [...lines, ...gap].map(line => `${line}\n`).join('') }
}

/** An entry less, its comments with it. */
export function removeItem(tree: Tree, path: Path, index: number): Change[] {
  const seq = ownSeq(tree, path)
  if (!seq || index >= seq.items.length) throw new Refused('gone')
  if (!isBlock(seq)) return [removeInFlow(tree, seq as Node, flowExtents(seq), index)]
  if (seq.items.length === 1) return path.length === 0 ? [] : replaceValue(tree, path, [], { quoted: false })
  const { blocks } = blocksOf(tree, seq)
  const block = blocks[index] as Block
  if (index > 0) return [linesOut(tree, block.first - block.blank, block.last)]
  return [linesOut(tree, block.first, block.last + blankBelow(tree, block.last))]
}

function blankBelow(tree: Tree, line: number): number {
  let count = 0
  while (line + 1 + count < tree.lines.count - 1 && tree.lines.isBlank(line + 1 + count)) count += 1
  return count
}

/** An entry at another place of its list; `to` is its index afterwards. */
export function moveItem(tree: Tree, path: Path, index: number, to: number): Change[] {
  const seq = ownSeq(tree, path)
  if (!seq || index >= seq.items.length || to >= seq.items.length) throw new Refused('gone')
  if (index === to) return []
  if (!isBlock(seq)) return permuted(tree, flowExtents(seq), index, to)
  const { blocks } = blocksOf(tree, seq)
  const block = blocks[index] as Block
  const others = blocks.filter(other => other !== block)
  const lines = tree.text.slice(tree.lines.start(block.first), tree.lines.end(block.last)).split('\n')
  const blank = index > 0 ? block.blank : blankBelow(tree, block.last)
  return [...removeItem(tree, path, index), insertLines(tree, others, to, lines, blank)]
}

function permuted(tree: Tree, extents: { from: number; to: number }[], index: number, to: number): Change[] {
  const texts = extents.map(({ from, to }) => tree.text.slice(from, to))
  const [moved = ''] = texts.splice(index, 1)
  texts.splice(to, 0, moved)
  return extents.map(({ from, to }, place) => ({ from, to, insert: texts[place] ?? '' }))
}

/** The lines of an entry with its comments, the dash at column 0; to be inserted elsewhere. */
export function itemText(tree: Tree, path: Path, index: number): string | null {
  const seq = ownSeq(tree, path)
  if (!seq || !isBlock(seq) || inFlow(tree, path)) return null
  const { column, blocks } = blocksOf(tree, seq)
  const block = blocks[index]
  if (!block) return null
  const text = tree.text.slice(tree.lines.start(block.first), tree.lines.end(block.last))
  return text
    .split('\n')
    .map(line => line.slice(Math.min(column, /^ */.exec(line)?.[0].length ?? 0)))
    .join('\n')
}
