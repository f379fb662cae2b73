// Where on a step a parameter stands, under whichever of its names, and where a new one goes.

import type { Node, Pair } from 'yaml'
import { type Param, type StepKind, spellings } from './catalogue'
import { colonEnd, contentEnd, isEmptyNode, keyStart } from './extent'
import { at, isBlock, mapAt, type Path, type Place, parse, read, type Tree } from './tree'
import { isNull, same, type Value } from './value'

export interface Found {
  path: Path
  key: string
  value: Value
  /** Of key and value in the text. */
  from: number
  to: number
  shared: Place['shared']
}

/** The value under one of these keys of a map. */
export function find(tree: Tree, path: Path, keys: readonly string[]): Found | null {
  for (const key of keys) {
    const place = at(tree, [...path, key])
    if (place?.pair) return found(tree, [...path, key], key, place)
  }
  return null
}

function found(tree: Tree, path: Path, key: string, place: Place): Found {
  const from = place.pair ? keyStart(place.pair) : 0
  return { path, key, value: read(tree, place.node), from, to: endOf(tree, place), shared: place.shared }
}

function endOf(tree: Tree, place: Place): number {
  const behind = place.pair ? safely(() => colonEnd(place.pair as Pair), 0) : 0
  return safely(() => contentEnd(tree, place.node, behind), behind)
}

function safely<T>(act: () => T, otherwise: T): T {
  try {
    return act()
  } catch {
    return otherwise
  }
}

/** The maps of a step that may hold parameters, in the order in which they are looked at. */
export function containers(tree: Tree, step: Path, kind: StepKind): Path[] {
  const own = kind.config_key
  const words = ['config', 'parameters', ...(own ? [own] : [])]
  return words.flatMap(word => {
    const path = [...step, word]
    if (!at(tree, path)) return []
    const inner = own && word !== own ? [...path, own] : null
    const nested = inner && (mapAt(tree, inner) || isNull(valueAt(tree, inner))) ? [inner] : []
    return [path, ...nested]
  })
}

function valueAt(tree: Tree, path: Path): Value | undefined {
  const place = at(tree, path)
  return place ? read(tree, place.node) : undefined
}

/** Where a parameter is given; one that is null counts as given too, for that is where it is filled in. */
export function locate(tree: Tree, step: Path, kind: StepKind, param: Param): Found | null {
  for (const container of containers(tree, step, kind)) {
    const here = find(tree, container, spellings(param))
    if (here) return here
  }
  return find(tree, step, param.on_step)
}

/** Where a parameter goes that is not given yet: beside the others, else where its type has it, else under `config`. */
export function home(tree: Tree, step: Path, kind: StepKind, param: Param): Path {
  const present = containers(tree, step, kind)
  const filled = present.find(path => (mapAt(tree, path)?.items.length ?? 0) > 0) ?? present[0]
  if (filled) return [...filled, param.key]
  return param.on_step.includes(param.key) ? [...step, param.key] : [...step, 'config', param.key]
}

/** The YAML of a value as it stands, moved to the left margin. */
export function sourceAt(tree: Tree, path: Path): string {
  const place = at(tree, path)
  const node = place?.node as Node | null | undefined
  if (!place || !node?.range || isEmptyNode(node)) return ''
  const end = safely(() => contentEnd(tree, node, node.range?.[1] ?? 0), node.range[1])
  let from = node.range[0]
  if (isBlock(node) && place.pair) {
    const below = tree.lines.at(safely(() => colonEnd(place.pair as Pair), from)) + 1
    if (below <= tree.lines.at(from)) from = tree.lines.start(below)
  }
  const column = isBlock(node) ? tree.lines.column(node.range[0]) : 0
  const lines = tree.text.slice(from, end).split('\n')
  const rest = lines
    .slice(1)
    .filter(line => line.trim() !== '')
    .map(line => /^ */.exec(line)?.[0].length ?? 0)
  const by = isBlock(node) ? column : Math.min(...rest, Number.POSITIVE_INFINITY)
  const text = lines
    .map((line, index) =>
      index === 0 && !isBlock(node) ? line : line.slice(Math.min(by, /^ */.exec(line)?.[0].length ?? 0)),
    )
    .join('\n')
  return keepsItsEnd(text, tree, node) ? `${text}\n` : text
}

/** A block that keeps its blank lines (`|+`) says less without the last line break. */
function keepsItsEnd(text: string, tree: Tree, node: Node): boolean {
  const means = (text: string) => {
    const parsed = parse(text)
    return parsed.tree ? read(parsed.tree, parsed.tree.root) : undefined
  }
  const meant = read(tree, node)
  return !same(means(text), meant) && same(means(`${text}\n`), meant)
}
