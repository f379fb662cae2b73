// A pipeline's text as the form sees it: where its settings, variables and steps stand.

import { contentEnd } from './extent'
import { type Field, fieldIn } from './field'
import { find } from './locate'
import { SETTINGS } from './settings'
import { at, mapAt, type Path, read, seqAt, type Tree } from './tree'
import { isNull, scalarOf, type Value } from './value'

export interface StepView {
  path: Path
  /** Among all steps, in the order of the file. */
  index: number
  /** Which of the lists, and where in it. */
  list: number
  place: number
  name: string
  type: string
  group: string | null
  order: string | null
  /** Nothing: it follows its predecessor. */
  needs: string[] | null
  description: string | null
  /** In the text. */
  from: number
  to: number
}

/** The steps of the pipeline, or those of a stage. */
export interface StepList {
  path: Path
  stage: { path: Path; name: string } | null
  steps: StepView[]
}

export interface PipelineView {
  tree: Tree
  /** Where the pipeline's own keys stand. */
  base: Path
  name: string
  lists: StepList[]
  steps: StepView[]
  staged: boolean
}

export function viewOf(tree: Tree): PipelineView {
  const base: Path = mapAt(tree, ['pipeline']) ? ['pipeline'] : []
  const stages = seqAt(tree, [...base, 'stages'])
  const flat = seqAt(tree, [...base, 'steps'])
  const lists: StepList[] = []
  let count = 0
  const add = (path: Path, stage: StepList['stage']) => {
    const steps = stepsAt(tree, path, lists.length, count)
    count += steps.length
    lists.push({ path, stage, steps })
  }
  if (flat || !stages) add([...base, 'steps'], null)
  for (const index of stages?.items.keys() ?? []) {
    const path = [...base, 'stages', index]
    add([...path, 'steps'], { path, name: text(tree, path, ['name']) ?? '' })
  }
  return {
    tree,
    base,
    name: text(tree, base, ['name']) ?? '',
    lists,
    steps: lists.flatMap(list => list.steps),
    staged: stages !== null,
  }
}

function text(tree: Tree, path: Path, keys: string[]): string | null {
  const value = find(tree, path, keys)?.value
  return value === undefined || isNull(value) ? null : (scalarOf(value) ?? null)
}

function stepsAt(tree: Tree, path: Path, list: number, first: number): StepView[] {
  const seq = seqAt(tree, path)
  return [...(seq?.items.keys() ?? [])].map(place => {
    const here = [...path, place]
    const node = at(tree, here)?.node
    const from = node?.range?.[0] ?? 0
    return {
      path: here,
      index: first + place,
      list,
      place,
      name: text(tree, here, ['name']) ?? '',
      type: text(tree, here, ['type']) ?? '',
      group: text(tree, here, ['parallel_group']),
      order: text(tree, here, ['order']),
      needs: needsOf(find(tree, here, ['needs'])?.value),
      description: text(tree, here, ['description']),
      from,
      to: end(tree, here, from),
    }
  })
}

function end(tree: Tree, path: Path, from: number): number {
  try {
    return contentEnd(tree, at(tree, path)?.node ?? null, from)
  } catch {
    return from
  }
}

/** One name is a list of one. */
export function needsOf(value: Value | undefined): string[] | null {
  if (value === undefined || isNull(value)) return null
  if (Array.isArray(value)) return value.map(item => scalarOf(item) ?? '')
  const one = scalarOf(value)
  return one === undefined ? null : [one]
}

/** Variables in the order of the file; a value that is a list or a map has no text. */
export function variablesOf(view: PipelineView): { name: string; text: string | null; path: Path }[] {
  const path = [...view.base, 'variables']
  const node = mapAt(view.tree, path)
  const value = node ? read(view.tree, node) : null
  if (!(value instanceof Map)) return []
  return [...value].map(([name, item]) => ({ name, text: scalarOf(item) ?? null, path: [...path, name] }))
}

/** The settings of the pipeline itself. */
export function pipelineFields(view: PipelineView): Field[] {
  return SETTINGS.pipeline.map(param => fieldIn(view.tree, view.base, param))
}

/** The settings that every step has. */
export function stepSettings(view: PipelineView, step: StepView): Field[] {
  return SETTINGS.step.map(param => fieldIn(view.tree, step.path, param))
}

/** The step whose lines an offset lies in. */
export function stepAtOffset(view: PipelineView, offset: number): StepView | null {
  return view.steps.find(step => step.from <= offset && offset <= step.to) ?? null
}
