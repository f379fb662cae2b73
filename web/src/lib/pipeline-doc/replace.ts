// Another value in the place of one that is written: its own characters change, and no others.

import { isAlias, isScalar, type Node, type Pair, type Scalar, type YAMLSeq } from 'yaml'
import { behindProperties, colonEnd, contentEnd, dashAt, isEmptyNode, keyStart, Refused, styleOf } from './extent'
import type { Change } from './lines'
import { inlineScalar, type Quotes } from './scalar'
import { at, isBlock, type Path, type Place, type Tree } from './tree'
import { Raw, type Value } from './value'
import { flow, indented, type Style, type Written, write } from './write'

export interface How {
  /** Texts of several lines in quotes, where a block would not say the same. */
  quoted: boolean
}

/** Whether a place lies between brackets, where lines and indentation mean nothing. */
export function inFlow(tree: Tree, path: Path): boolean {
  for (let length = 0; length < path.length; length += 1) {
    const node = at(tree, path.slice(0, length))?.node
    if (node && !isAlias(node) && !isScalar(node) && !isBlock(node)) return true
  }
  return false
}

export function replaceValue(tree: Tree, path: Path, value: Value, how: How): Change[] {
  const place = at(tree, path)
  if (!place || place.shared) throw new Refused(place?.shared ?? 'gone')
  if (inFlow(tree, path)) return replaceInFlow(tree, place, value)
  const origin = originOf(tree, place)
  const node = place.node
  const written = rewritten(tree, node, value, origin.column, how)
  const below = indented(written.below, origin.column)
  const region = regionOf(tree, node, origin.behind)
  const { head, body } = region
  const changes: Change[] = []
  const glue = head.from === head.to && written.inline !== '' && !/\s/.test(tree.text[head.from - 1] ?? '') ? ' ' : ''
  if (written.inline === '') while (head.from > origin.behind && tree.text[head.from - 1] === ' ') head.from -= 1
  const inline = glue + written.inline
  changes.push({ ...head, insert: inline })
  const bodyText = below.map(line => `\n${line}`).join('')
  if (bodyText !== '' || body.to > body.from)
    changes.push({ ...body, insert: keepLines(tree, body, bodyText, written) })
  return changes
}

/** The column that a value's lines are indented from, and where its key or dash ends. */
function originOf(tree: Tree, place: Place): { column: number; behind: number } {
  if (place.pair) return { column: tree.lines.column(keyStart(place.pair)), behind: colonEnd(place.pair) }
  if (place.parent) {
    const dash = dashAt(place.parent as YAMLSeq, place.index)
    return { column: tree.lines.column(dash), behind: dash + 1 }
  }
  throw new Refused('layout')
}

interface Region {
  head: { from: number; to: number }
  body: { from: number; to: number }
}

function regionOf(tree: Tree, node: Node | null, behind: number): Region {
  const lineEnd = (offset: number) => tree.lines.end(tree.lines.at(offset))
  const start = behindProperties(tree, behind)
  if (isEmptyNode(node) || !node?.range)
    return { head: { from: start, to: start }, body: { from: lineEnd(start), to: lineEnd(start) } }
  const end = contentEnd(tree, node, start)
  if (isScalar(node) && (node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED')) {
    const header = /^[|>][-+\d]*/.exec(tree.text.slice(node.range[0]))?.[0].length ?? 1
    const from = lineEnd(node.range[0])
    return { head: { from: node.range[0], to: node.range[0] + header }, body: { from, to: Math.max(from, end) } }
  }
  const below = isBlock(node) && tree.lines.at(node.range[0]) !== tree.lines.at(behind)
  if (below) return { head: { from: start, to: start }, body: { from: lineEnd(start), to: end } }
  return { head: { from: withoutTag(tree, node, behind), to: end }, body: { from: lineEnd(end), to: lineEnd(end) } }
}

/** Where a value begins, the tag before it included: what `!!str` says of the old value it does not of the new. */
function withoutTag(tree: Tree, node: Node, behind: number): number {
  const from = node.range?.[0] ?? 0
  const tag = /![^\s]*[ \t]+$/.exec(tree.text.slice(behind, from))
  return tag && (node as { tag?: string }).tag ? from - tag[0].length : from
}

/** The new value in the style of the old. */
function rewritten(tree: Tree, node: Node | null, value: Value, column: number, how: How): Written {
  const style = styleOf(tree)
  if (isScalar(node) && (typeof value === 'string' || value instanceof Raw)) {
    const oneLine = typeof value !== 'string' || !value.includes('\n') || how.quoted
    if (oneLine) return { inline: inlineScalar(value, false, quotesOf(node)), below: [] }
    return write(value, literalStyle(tree, node, column, style))
  }
  return write(value, style, how.quoted)
}

function quotesOf(node: Scalar): Quotes {
  if (node.type === 'QUOTE_SINGLE') return 'single'
  return node.type === 'QUOTE_DOUBLE' ? 'double' : 'plain'
}

/** The lines of a literal keep the indentation they have. */
function literalStyle(tree: Tree, node: Scalar, column: number, style: Style): Style {
  if (node.type !== 'BLOCK_LITERAL' || !node.range || /^\|[-+]?\d/.test(tree.text.slice(node.range[0]))) return style
  const first = tree.lines.at(node.range[0]) + 1
  for (let line = first; line < tree.lines.count; line += 1) {
    if (tree.lines.isBlank(line)) continue
    const step = tree.lines.indent(line) - column
    return step > 0 && step < 10 ? { ...style, step } : style
  }
  return style
}

/** Blank lines of a block that stay blank keep the spaces they have. */
function keepLines(tree: Tree, body: { from: number; to: number }, text: string, written: Written): string {
  if (!written.inline.startsWith('|')) return text
  const before = tree.text.slice(body.from, body.to).split('\n')
  const after = text.split('\n')
  const sameAt = (a: number, b: number) =>
    (before[a] ?? '').trimEnd() === (after[b] ?? '').trimEnd() && after[b]?.trim() === ''
  const equal = (a: number, b: number) => before[a] === after[b] || sameAt(a, b)
  const most = Math.min(before.length, after.length)
  let head = 0
  while (head < most && equal(head, head)) head += 1
  let tail = 0
  while (tail < most - head && equal(before.length - 1 - tail, after.length - 1 - tail)) tail += 1
  return [
    ...before.slice(0, head),
    ...after.slice(head, after.length - tail),
    ...before.slice(before.length - tail),
  ].join('\n')
}

function replaceInFlow(tree: Tree, place: Place, value: Value): Change[] {
  const node = place.node
  const scalar = typeof value === 'string' || value instanceof Raw
  const insert = scalar && isScalar(node) ? inlineScalar(value, true, quotesOf(node)) : flow(value)
  if (!isEmptyNode(node) && node?.range) return [{ from: withoutTag(tree, node, 0), to: node.range[1], insert }]
  const pair = place.pair as Pair | null
  if (!pair) throw new Refused('layout')
  const behind = colonEnd(pair)
  const colon = tree.text[behind - 1] === ':' ? '' : ':'
  return [{ from: behind, to: behind, insert: `${colon} ${insert}` }]
}
