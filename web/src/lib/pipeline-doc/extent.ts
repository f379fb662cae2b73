// From where to where in the text things reach, which the nodes themselves say only roughly.

import { isAlias, isMap, isScalar, isSeq, type Node, type Pair, type YAMLMap, type YAMLSeq } from 'yaml'
import { isBlock, type Tree } from './tree'
import type { Style } from './write'

/** Why an edit is not made, so that the text is changed by hand. */
export type Reason = 'alias' | 'merge' | 'layout' | 'invalid' | 'twice' | 'gone'

export class Refused extends Error {
  constructor(readonly reason: Reason) {
    super(reason)
  }
}

interface Token {
  type: string
  offset: number
  source: string
}
interface TokenItem {
  start: Token[]
  sep?: Token[]
}

/** Behind the colon of `key:`; behind the key where there is none. */
export function colonEnd(pair: Pair): number {
  const item = (pair as { srcToken?: TokenItem }).srcToken
  if (item?.start.some(token => token.type === 'explicit-key-ind')) throw new Refused('layout')
  const colon = item?.sep?.find(token => token.type === 'map-value-ind')
  if (colon) return colon.offset + 1
  const key = pair.key as Node | null
  if (!key?.range) throw new Refused('layout')
  return key.range[1]
}

/** Where a key begins. */
export function keyStart(pair: Pair): number {
  const key = pair.key as Node | null
  if (!key?.range) throw new Refused('layout')
  return key.range[0]
}

/** Where the dash of an entry of a block list stands. */
export function dashAt(seq: YAMLSeq, index: number): number {
  const token = seq.srcToken as unknown as { items?: TokenItem[] } | undefined
  const dash = token?.items?.[index]?.start.find(token => token.type === 'seq-item-ind')
  if (!dash) throw new Refused('layout')
  return dash.offset
}

export function isEmptyNode(node: Node | null): boolean {
  return (
    node === null ||
    (isScalar(node) && node.range !== null && node.range !== undefined && node.range[0] === node.range[1])
  )
}

/** Where the content of a node ends, before comments and blank lines behind it; `otherwise` for one without text. */
export function contentEnd(tree: Tree, node: Node | null, otherwise: number): number {
  if (node === null || !node.range) return otherwise
  if (isEmptyNode(node)) return Math.max(otherwise, node.range[0])
  if (isScalar(node) && (node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED'))
    return blockScalarEnd(tree, node)
  if (isAlias(node) || isScalar(node) || !isBlock(node)) return node.range[1]
  if (isMap(node)) {
    const last = node.items[node.items.length - 1]
    return last ? pairEnd(tree, last as Pair) : node.range[1]
  }
  return itemEnd(tree, node as YAMLSeq, (node as YAMLSeq).items.length - 1)
}

export function pairEnd(tree: Tree, pair: Pair): number {
  return contentEnd(tree, pair.value as Node | null, colonEnd(pair))
}

export function itemEnd(tree: Tree, seq: YAMLSeq, index: number): number {
  return contentEnd(tree, (seq.items[index] ?? null) as Node | null, dashAt(seq, index) + 1)
}

/** Blank lines belong to a block scalar only where its header says `+`. */
function blockScalarEnd(tree: Tree, node: Node): number {
  const [from = 0, to = 0] = node.range ?? []
  const text = tree.text.slice(from, to)
  const keep = /^[|>]\d?\+/.test(text) || /^[|>]\+/.test(text)
  if (keep) return text.endsWith('\n') ? to - 1 : to
  return from + text.replace(/(\n[ \t]*)+$/, '').length
}

/** The last line of something, with the comments below that are indented deeper than it begins. */
export function lastLine(tree: Tree, end: number, column: number): number {
  let last = tree.lines.at(end)
  for (let line = last + 1; line < tree.lines.count; line += 1) {
    if (tree.lines.isBlank(line)) continue
    if (!tree.lines.isComment(line) || tree.lines.indent(line) <= column) break
    last = line
  }
  return last
}

/** Where an anchor or a tag before a value ends the value begins: `from` is behind the colon or dash. */
export function behindProperties(tree: Tree, from: number): number {
  const found = /^(?:[ \t]+[&!][^\s,[\]{}]*)+/.exec(tree.text.slice(from, tree.lines.end(tree.lines.at(from))))
  return from + (found?.[0].length ?? 0)
}

const styles = new WeakMap<Tree, Style>()

/** How a file is laid out, by the first nested map and list in it. */
export function styleOf(tree: Tree): Style {
  const known = styles.get(tree)
  if (known) return known
  let step: number | undefined
  let dash: number | undefined
  const visit = (node: Node | null): void => {
    if (!isBlock(node)) return
    if (isSeq(node)) for (const item of node.items) visit(item as Node | null)
    if (!isMap(node)) return
    for (const pair of node.items as Pair[]) {
      const value = pair.value as Node | null
      if (isBlock(value) && value?.range && (pair.key as Node | null)?.range) {
        const column = tree.lines.column(keyStart(pair))
        if (isMap(value) && value.items[0]) step ??= tree.lines.column(keyStart(value.items[0] as Pair)) - column
        if (isSeq(value)) dash ??= tree.lines.column(value.range[0]) - column
      }
      visit(value)
    }
  }
  visit(tree.root)
  const style = {
    step: step && step > 0 && step < 9 ? step : 2,
    dash: dash !== undefined && dash >= 0 && dash < 9 ? dash : 2,
  }
  styles.set(tree, style)
  return style
}

/** From where to where the entries between brackets reach. */
export function flowExtents(node: YAMLMap | YAMLSeq): { from: number; to: number }[] {
  return node.items.map(item => {
    if (isSeq(node)) {
      const range = (item as Node | null)?.range
      if (!range) throw new Refused('layout')
      return { from: range[0], to: range[1] }
    }
    const pair = item as Pair
    const value = pair.value as Node | null
    return { from: keyStart(pair), to: Math.max(colonEnd(pair), isEmptyNode(value) ? 0 : (value?.range?.[1] ?? 0)) }
  })
}
