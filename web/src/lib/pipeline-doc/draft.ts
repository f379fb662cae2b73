// A text while it is edited: one small change after another, each checked against what it was to mean.

import { isAlias } from 'yaml'
import { assignStep } from './assign'
import { type Reason, Refused } from './extent'
import { insertItem, itemText, moveItem, removeItem } from './items'
import { apply, type Change, trimmed } from './lines'
import { type After, insertPair, removePair, renameKey } from './pairs'
import { type How, replaceValue } from './replace'
import { at, type Path, parse, read, resolved, type Tree } from './tree'
import { changedAt, Raw, Source, same, type Value } from './value'

export type Edited =
  | { ok: true; text: string /** Each speaks of the text that the one before it leaves. */; steps: Change[][] }
  | { ok: false; reason: Reason }

const MOST_STEPS = 5000

export class Draft {
  private expected: Value
  private steps: Change[][] = []
  private broken = false

  constructor(
    public tree: Tree,
    private readonly how: How,
  ) {
    this.expected = read(tree, tree.root)
  }

  /** The value at a place, as little of the text changed as it takes. What is not there yet is made, `after` that key. */
  set(path: Path, value: Value, after?: After): void {
    const own = this.ownPrefix(path)
    if (own < path.length) this.create(path, own, value, after)
    else this.assign(path, value)
    this.expect(path, () => meaning(value))
  }

  private assign(path: Path, value: Value): void {
    // A piece of source may say the same in other words.
    if (value instanceof Source) {
      this.change(replaceValue(this.tree, path, value, this.how))
      return
    }
    for (let count = 0; count < MOST_STEPS; count += 1) {
      const changes = assignStep(this.tree, path, value, this.how)
      if (!changes) return
      this.change(changes)
    }
    throw new Refused('layout')
  }

  private create(path: Path, own: number, value: Value, after: After): void {
    const parent = path.slice(0, own)
    const [key, ...rest] = path.slice(own)
    const node = at(this.tree, parent)?.node ?? null
    const old = at(this.tree, [...parent, key as string | number])?.node
    const content = rest.length === 0 ? value : changedAt(old ? read(this.tree, old) : undefined, rest, () => value)
    if (content === undefined || key === undefined) throw new Refused('gone')
    if (isAlias(node)) {
      this.createOwn(parent, node.source, key, content)
      return
    }
    if (typeof key === 'number') {
      this.change(insertItem(this.tree, parent, key, content, this.how))
      return
    }
    this.change(insertPair(this.tree, parent, key, content, after, this.how))
  }

  /** What an alias stands for becomes a map of its own that takes over the rest. */
  private createOwn(path: Path, alias: string, key: string | number, content: Value): void {
    const node = resolved(this.tree, at(this.tree, path)?.node)
    const whole = changedAt(read(this.tree, node), [key], () => content)
    if (whole instanceof Map && typeof key === 'string') {
      this.change(replaceValue(this.tree, path, new Map([[key, content]]), this.how))
      this.change(insertPair(this.tree, path, '<<', new Raw(`*${alias}`), null, this.how))
    } else if (whole !== undefined) this.change(replaceValue(this.tree, path, whole, this.how))
  }

  /** How many steps of a path are written where the path says, rather than elsewhere or not at all. */
  private ownPrefix(path: Path): number {
    for (let length = 1; length <= path.length; length += 1) {
      const place = at(this.tree, path.slice(0, length))
      if (!place || place.shared) return length - 1
    }
    return path.length
  }

  /** A key or an entry less. */
  remove(path: Path): void {
    const last = path[path.length - 1]
    const place = at(this.tree, path)
    if (!place || last === undefined) return
    if (place.shared) throw new Refused(place.shared)
    const parent = path.slice(0, -1)
    this.change(typeof last === 'number' ? removeItem(this.tree, parent, last) : removePair(this.tree, parent, last))
    this.expect(path, () => undefined)
  }

  rename(path: Path, key: string, to: string): void {
    if (at(this.tree, [...path, to])) throw new Refused('twice')
    this.change(renameKey(this.tree, path, key, to))
    this.expect(path, old => new Map([...(old as Map<string, Value>)].map(([k, v]) => [k === key ? to : k, v])))
  }

  insert(path: Path, index: number, value: Value): void {
    if (!at(this.tree, path)) this.set(path, [])
    this.change(insertItem(this.tree, path, index, value, this.how))
    this.expect(path, old => (Array.isArray(old) ? old.toSpliced(index, 0, meaning(value)) : [meaning(value)]))
  }

  move(path: Path, index: number, to: number): void {
    this.change(moveItem(this.tree, path, index, to))
    this.expect(path, old => (Array.isArray(old) ? old.toSpliced(index, 1).toSpliced(to, 0, old[index] as Value) : old))
  }

  /** An entry into another list. */
  transfer(path: Path, index: number, target: Path, to: number): void {
    const place = at(this.tree, [...path, index])
    if (!place?.node || place.shared) throw new Refused(place?.shared ?? 'gone')
    const means = read(this.tree, place.node)
    const text = itemText(this.tree, path, index)
    this.insert(target, to, text === null ? means : new Source(text, means))
    this.remove([...path, index])
  }

  value(path: Path): Value | undefined {
    const place = at(this.tree, path)
    return place ? read(this.tree, place.node) : undefined
  }

  private expect(path: Path, change: (old: Value | undefined) => Value | undefined): void {
    this.expected = changedAt(this.expected, path, change) ?? new Raw('')
  }

  private change(changes: readonly Change[]): void {
    const real = changes.map(change => trimmed(this.tree.text, change)).filter(change => change !== null)
    if (real.length === 0) return
    const parsed = parse(apply(this.tree.text, real))
    if (!parsed.tree) {
      this.broken = true
      throw new Refused('invalid')
    }
    this.steps.push(real)
    this.tree = parsed.tree
  }

  /** Whether the text now says exactly what the edits were to make it say. */
  isRight(): boolean {
    if (this.broken) return false
    // An edit of what aliases share changes what they say too; that it still reads was checked.
    return hasAliases(this.tree) || same(read(this.tree, this.tree.root), this.expected)
  }

  get done(): Change[][] {
    return this.steps
  }
}

function meaning(value: Value): Value {
  return value instanceof Source ? value.means : value
}

function hasAliases(tree: Tree): boolean {
  return /(^|[\s[{,:-])\*[^\s*]/m.test(tree.text)
}

/** Makes edits of a text, or says why they cannot be made from outside. */
export function edit(text: string, change: (draft: Draft) => void): Edited {
  let reason: Reason = 'invalid'
  for (const how of [{ quoted: false }, { quoted: true }]) {
    const parsed = parse(text)
    if (!parsed.tree) return { ok: false, reason: 'invalid' }
    const draft = new Draft(parsed.tree, how)
    try {
      change(draft)
      if (draft.isRight()) return { ok: true, text: draft.tree.text, steps: draft.done }
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      reason = error.reason
    }
  }
  return { ok: false, reason }
}
