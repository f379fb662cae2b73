// A key that the server does not know but has a word for: `did you mean …?`, to be mended with one press.

import { isMap, isSeq, type Node, type Pair } from 'yaml'
import { keyStart } from './extent'
import { keyOf, type Path, type Tree } from './tree'

export interface Misspelt {
  /** Of the map in which the key stands. */
  path: Path
  key: string
  meant: string
}

/** What the server says of a place in the text. */
interface Said {
  code: string
  help: string | null
  from: number
}

export function misspelt(tree: Tree, { code, help, from }: Said): Misspelt | null {
  const meant = code === 'unknown-key' ? /^did you mean `([^`]+)`\?/.exec(help ?? '')?.[1] : undefined
  const found = meant === undefined ? null : keyAt(tree, tree.root, [], from)
  return found && meant !== undefined && found.key !== meant ? { ...found, meant } : null
}

function keyAt(tree: Tree, node: Node | null, path: Path, offset: number): { path: Path; key: string } | null {
  if (!node?.range || offset < node.range[0] || offset >= node.range[2]) return null
  if (isSeq(node)) return first(node.items, (item, index) => keyAt(tree, item as Node | null, [...path, index], offset))
  if (!isMap(node)) return null
  return first(node.items as Pair[], pair => {
    const key = keyOf(tree, pair)
    return keyStart(pair) === offset ? { path, key } : keyAt(tree, pair.value as Node | null, [...path, key], offset)
  })
}

function first<T, R>(all: readonly T[], look: (one: T, index: number) => R | null): R | null {
  for (const [index, one] of all.entries()) {
    const found = look(one, index)
    if (found) return found
  }
  return null
}
