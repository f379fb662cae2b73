// A field of the form and the place in the text that it shows.

import { type Node, visit } from 'yaml'
import { type Param, type StepKind, spellings } from './catalogue'
import type { Draft } from './draft'
import { Refused } from './extent'
import { type FormValue, fromForm, toForm } from './form'
import { type Found, find, home, locate, sourceAt } from './locate'
import { afterIn } from './order'
import { mapAt, type Path, type Tree } from './tree'
import { isNull, Raw, Source, scalarOf, type Value } from './value'

export interface Field {
  param: Param
  /** Where it is written; nothing when it is not. */
  found: Found | null
  /** Where it is, or would be. */
  path: Path
  /** Nothing: left out. */
  form: FormValue | null
}

/** A key of a map: a setting, or a field within an object. */
export function fieldIn(tree: Tree, path: Path, param: Param): Field {
  const found = find(tree, path, spellings(param))
  return field(tree, param, found, found?.path ?? [...path, param.key])
}

/** A parameter of a step, wherever it stands. */
export function fieldOnStep(tree: Tree, step: Path, kind: StepKind, param: Param): Field {
  const found = locate(tree, step, kind, param)
  return field(tree, param, found, found?.path ?? home(tree, step, kind, param))
}

function field(tree: Tree, param: Param, found: Found | null, path: Path): Field {
  // `approval:` alone asks for one; elsewhere nothing means left out.
  const absent = !found || (isNull(found.value) && param.key !== 'approval')
  if (absent) return { param, found, path, form: null }
  const source = param.kind === 'yaml' || param.kind === 'manifests' ? sourceAt(tree, found.path) : ''
  return { param, found, path, form: toForm(param.kind, meant(found), source) }
}

/** `max_retries: 2` is three attempts. */
function meant(found: Found): Value {
  const retries = found.key === 'max_retries' ? Number(scalarOf(found.value)) : Number.NaN
  return Number.isInteger(retries) ? new Raw(String(retries + 1)) : found.value
}

/** Writes what a field now says, in the words of the key under which it stands; `null` leaves it out. */
export function setField(draft: Draft, field: Field, form: FormValue | null): void {
  if (form === null) {
    if (field.found) removeAndPrune(draft, field.found.path)
    return
  }
  if (form.as === 'object' && field.found?.value instanceof Map) return
  if (form.as === 'odd') throw new Refused('layout')
  const value = inWordsOf(field.param, field.found?.key, fromForm(field.param.kind, form, field.found?.value))
  if (
    field.found &&
    scalarOf(value) !== undefined &&
    scalarOf(value) === scalarOf(field.found.value) &&
    isRaw(value) === isRaw(field.found.value)
  )
    return
  draft.set(field.path, value, afterIn(draft.tree, field.path))
}

function isRaw(value: Value): boolean {
  return value instanceof Raw
}

function inWordsOf(param: Param, key: string | undefined, value: Value): Value {
  const text = scalarOf(value)
  if (text === undefined || value instanceof Source || key === undefined || key === param.key) return value
  if (key === 'max_retries') return /^[1-9]\d{0,5}$/.test(text) ? new Raw(String(Number(text) - 1)) : value
  const seconds = key.endsWith('_seconds') ? secondsOf(text) : undefined
  return seconds === undefined ? value : new Raw(String(seconds))
}

/** `1h30m` → 5400; nothing where it is no duration in whole seconds. */
export function secondsOf(text: string): number | undefined {
  const found = /^(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s?)?$/.exec(text.trim())
  if (!found || text.trim() === '') return undefined
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = found.slice(1).map(part => Number(part ?? 0))
  return ((days * 24 + hours) * 60 + minutes) * 60 + seconds
}

/** A key less; what held nothing but it goes too, unless a comment stands there. */
export function removeAndPrune(draft: Draft, path: Path): void {
  let target = path
  for (;;) {
    const parent = target.slice(0, -1)
    const map = mapAt(draft.tree, parent)
    const last = parent[parent.length - 1]
    const lone = map?.items.length === 1 && typeof last === 'string'
    if (!lone || !map || hasComment(map) || !PRUNED.has(String(last))) break
    target = parent
  }
  draft.remove(target)
}

function hasComment(node: Node): boolean {
  let found = false
  visit(node, {
    Node: (_, inner) => {
      found ||= Boolean(inner.comment || inner.commentBefore)
    },
  })
  return found
}

/** Maps that say nothing when they are empty. */
const PRUNED = new Set([
  'config',
  'parameters',
  'docker_config',
  'k8s_config',
  'retry',
  'retry_policy',
  'env',
  'environment',
  'environment_vars',
  'variables',
  'parallel_groups',
  'deployment_spec',
  'resources',
  'requests',
  'limits',
  'labels',
])
