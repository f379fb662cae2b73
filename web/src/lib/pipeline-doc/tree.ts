// A text as a tree of YAML nodes with their places, and what each of them says.

import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  parseDocument,
  type Scalar,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml'
import { Lines } from './lines'
import { NULL, Raw, type Value, type ValueMap } from './value'

export type Path = readonly (string | number)[]

export interface Tree {
  readonly text: string
  readonly lines: Lines
  readonly doc: Document
  readonly root: Node | null
}

/** Why a text is no YAML, and where. */
export interface Broken {
  message: string
  from: number
  to: number
}

export type Parsed = { tree: Tree; broken: null } | { tree: null; broken: Broken }

export function parse(text: string): Parsed {
  const doc = parseDocument(text, { keepSourceTokens: true, merge: true, prettyErrors: false, logLevel: 'silent' })
  const error = doc.errors[0]
  if (error) return { tree: null, broken: { message: error.message, from: error.pos[0], to: error.pos[1] } }
  const root = isNode(doc.contents) ? doc.contents : null
  const tree = { text, lines: new Lines(text), doc: doc as unknown as Document, root }
  try {
    read(tree, root)
  } catch (error) {
    return { tree: null, broken: { message: (error as Error).message, from: 0, to: 0 } }
  }
  return { tree, broken: null }
}

export function isBlock(node: Node | null | undefined): boolean {
  return (isMap(node) || isSeq(node)) && node.flow !== true
}

/** The key as a text; a number is its text as written. */
export function keyOf(tree: Tree, pair: Pair): string {
  const key = pair.key
  if (isScalar(key)) return typeof key.value === 'string' ? key.value : sourceOf(tree, key)
  return isNode(key) ? sourceOf(tree, key) : String(key)
}

export function sourceOf(tree: Tree, node: Node): string {
  return node.range ? tree.text.slice(node.range[0], node.range[1]) : ''
}

/** What an alias stands for. */
export function resolved(tree: Tree, node: Node | null | undefined): Node | null {
  if (!isAlias(node)) return node ?? null
  const real = node.resolve(tree.doc)
  if (!real) throw new Error(`there is no anchor for the alias \`${node.source}\``)
  return real
}

const DEEPEST = 128
/** Aliases of aliases of aliases make a short text long. */
const LARGEST = 300_000
let count = 0

export function read(tree: Tree, node: Node | null | undefined, depth = 0): Value {
  count = depth === 0 ? 0 : count + 1
  if (depth > DEEPEST || count > LARGEST) throw new Error('nested too deeply')
  const real = resolved(tree, node)
  if (real === null) return NULL
  if (isScalar(real)) return readScalar(tree, real)
  if (isSeq(real)) return real.items.map(item => read(tree, item as Node, depth + 1))
  if (isMap(real)) return readMap(tree, real, depth)
  return NULL
}

function readScalar(tree: Tree, node: Scalar): Value {
  if (typeof node.value === 'string') return node.value
  return new Raw(node.source ?? sourceOf(tree, node))
}

function readMap(tree: Tree, node: YAMLMap, depth: number): ValueMap {
  const map: ValueMap = new Map()
  const merges: Pair[] = []
  for (const pair of node.items) {
    if (isMerge(tree, pair)) merges.push(pair)
    else map.set(keyOf(tree, pair), read(tree, pair.value as Node | null, depth + 1))
  }
  for (const pair of merges) {
    const from = resolved(tree, pair.value as Node | null)
    const sources = isSeq(from) ? from.items.map(item => resolved(tree, item as Node)) : [from]
    for (const source of sources) {
      if (!isMap(source)) continue
      for (const [key, value] of readMap(tree, source, depth + 1)) if (!map.has(key)) map.set(key, value)
    }
  }
  return map
}

export function isMerge(tree: Tree, pair: Pair): boolean {
  return isScalar(pair.key) && pair.key.type === 'PLAIN' && sourceOf(tree, pair.key) === '<<'
}

/** How one comes to a node. */
export interface Place {
  node: Node | null
  /** The pair or the list in which it stands itself; nothing at the root, or where it is not written here. */
  pair: Pair | null
  parent: YAMLMap | YAMLSeq | null
  index: number
  /** It stands elsewhere: behind an alias, or brought in by `<<`. */
  shared: 'alias' | 'merge' | null
}

/** What stands at a place; nothing when the path leads nowhere. */
export function at(tree: Tree, path: Path): Place | null {
  let place: Place = { node: tree.root, pair: null, parent: null, index: 0, shared: null }
  for (const step of path) {
    const here = resolved(tree, place.node)
    const shared = place.shared ?? (isAlias(place.node) ? 'alias' : null)
    if (typeof step === 'number') {
      if (!isSeq(here) || step >= here.items.length) return null
      place = { node: here.items[step] as Node | null, pair: null, parent: here, index: step, shared }
    } else {
      if (!isMap(here)) return null
      const found = pairIn(tree, here, step)
      if (!found) return null
      place = { ...found, shared: shared ?? found.shared }
    }
  }
  return place
}

function pairIn(tree: Tree, map: YAMLMap, key: string): Place | null {
  const index = map.items.findIndex(pair => !isMerge(tree, pair) && keyOf(tree, pair) === key)
  const pair = map.items[index]
  if (pair) return { node: pair.value as Node | null, pair: pair as Pair, parent: map, index, shared: null }
  for (const merge of map.items.filter(pair => isMerge(tree, pair))) {
    const from = resolved(tree, merge.value as Node | null)
    for (const source of isSeq(from) ? from.items.map(item => resolved(tree, item as Node)) : [from]) {
      const found = isMap(source) ? pairIn(tree, source, key) : null
      if (found) return { ...found, shared: 'merge' }
    }
  }
  return null
}

export function mapAt(tree: Tree, path: Path): YAMLMap | null {
  const node = resolved(tree, at(tree, path)?.node)
  return isMap(node) ? node : null
}

export function seqAt(tree: Tree, path: Path): YAMLSeq | null {
  const node = resolved(tree, at(tree, path)?.node)
  return isSeq(node) ? node : null
}

/** Keys of a map in the order of the file, those that `<<` brings in last. */
export function keysAt(tree: Tree, path: Path): string[] {
  const node = mapAt(tree, path)
  return node ? [...readMap(tree, node, 0).keys()] : []
}
