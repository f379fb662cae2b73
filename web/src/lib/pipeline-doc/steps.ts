// What is done to steps as a whole: added, copied, removed, renamed, moved.

import { parse as parseYaml } from 'yaml'
import { type Param, type StepKind, stepKind } from './catalogue'
import type { Draft } from './draft'
import { Refused } from './extent'
import { itemText } from './items'
import { find } from './locate'
import { type Path, seqAt } from './tree'
import { fromJson, Raw, Source, scalarOf, type Value } from './value'
import { type PipelineView, type StepView, viewOf } from './view'

/** A name that no step has yet: `build`, `build 2`, … */
export function freeName(view: PipelineView, wanted: string): string {
  const taken = new Set(view.steps.map(step => step.name))
  if (!taken.has(wanted)) return wanted
  for (let number = 2; ; number += 1) if (!taken.has(`${wanted} ${number}`)) return `${wanted} ${number}`
}

/** A step with what it cannot do without, from the catalogue's examples. */
export function newStep(view: PipelineView, catalogue: readonly StepKind[], kind: StepKind, name: string): Value {
  const step = new Map<string, Value>([
    ['name', name],
    ['type', kind.type],
  ])
  const config = new Map<string, Value>()
  for (const param of needed(view, catalogue, kind)) {
    const value = exampleOf(param)
    if (param.on_step.includes(param.key)) step.set(param.key, value)
    else config.set(param.key, value)
  }
  if (config.size > 0) step.set('config', config)
  return step
}

function needed(view: PipelineView, catalogue: readonly StepKind[], kind: StepKind): Param[] {
  const required = kind.parameters.filter(
    param => param.required && !(param.inherits && isGiven(view, catalogue, param.inherits)),
  )
  const chosen = kind.rules
    .filter(rule => rule.kind === 'one_of' || rule.kind === 'any_of')
    .filter(rule => !rule.parameters.some(key => required.some(param => param.key === key)))
    .map(rule => kind.parameters.find(param => param.key === rule.parameters[0]))
  return [...required, ...chosen.filter(param => param !== undefined)]
}

/** Whether some step says what later ones take over. */
function isGiven(view: PipelineView, catalogue: readonly StepKind[], what: string): boolean {
  return view.steps.some(step => {
    const params = stepKind(catalogue, step.type)?.parameters.filter(param => param.inherits === what) ?? []
    const places = [
      step.path,
      ...['config', 'parameters', 'docker_config', 'k8s_config'].map(key => [...step.path, key]),
    ]
    return params.some(param => places.some(path => find(view.tree, path, [param.key, ...param.aliases])))
  })
}

function exampleOf(param: Param): Value {
  const text = param.example ?? param.default
  if (text === null)
    return param.kind === 'integer'
      ? new Raw(String(param.min ?? 1))
      : param.kind === 'boolean'
        ? new Raw('false')
        : param.key
  try {
    const value = fromJson(parseYaml(text, { version: '1.2' }))
    // A block of lines is indented as the file it comes into.
    if (typeof value === 'string' && value.includes('\n')) return value.endsWith('\n') ? value : `${value}\n`
    return new Source(text, value)
  } catch {
    return text
  }
}

export function addStep(draft: Draft, list: Path, index: number, step: Value): void {
  draft.insert(list, index, step)
}

/** The same step once more, behind itself, with its comments. */
export function copyStep(draft: Draft, view: PipelineView, step: StepView, name: string): void {
  const list = listOf(view, step)
  const value = draft.value(step.path)
  if (!(value instanceof Map)) throw new Refused('layout')
  const text = itemText(draft.tree, list, step.place)
  // A second anchor of the same name would take the aliases below away from the first.
  const whole = text === null || /(^|\s)&\S/.test(text) ? value : new Source(text, value)
  draft.insert(list, step.place + 1, whole)
  draft.set([...list, step.place + 1, 'name'], name, null)
}

export function listOf(view: PipelineView, step: StepView): Path {
  return view.lists[step.list]?.path ?? []
}

/** Another name, also in every `needs` that names it. */
export function renameStep(draft: Draft, view: PipelineView, step: StepView, name: string): void {
  draft.set([...step.path, 'name'], name, null)
  if (step.name === '' || view.steps.some(other => other.index !== step.index && other.name === step.name)) return
  for (const other of view.steps) {
    const needs = find(draft.tree, other.path, ['needs'])
    if (!needs || needs.shared) continue
    if (scalarOf(needs.value) === step.name) draft.set(needs.path, name)
    if (!Array.isArray(needs.value)) continue
    for (const [index, item] of needs.value.entries())
      if (scalarOf(item) === step.name) draft.set([...needs.path, index], name)
  }
}

/** To another place, perhaps in another list; `place` is its index there afterwards. */
export function moveStep(draft: Draft, view: PipelineView, step: StepView, list: number, place: number): void {
  const target = view.lists[list]
  if (!target) throw new Refused('gone')
  const orders = target.steps.map(other => other.order)
  if (list !== step.list) {
    draft.transfer(listOf(view, step), step.place, target.path, place)
    return
  }
  draft.move(target.path, step.place, place)
  // Where every step has its number, the numbers stay in their places.
  if (!orders.every(order => order !== null && /^-?\d+$/.test(order))) return
  const sorted = orders.map(Number).sort((a, b) => a - b)
  for (const moved of viewOf(draft.tree).lists[list]?.steps ?? []) {
    const order = String(sorted[moved.place] ?? 0)
    if (moved.order !== order) draft.set([...moved.path, 'order'], new Raw(order))
  }
}

export function addStage(draft: Draft, view: PipelineView, name: string, step: Value): void {
  const stages = [...view.base, 'stages']
  draft.insert(
    stages,
    seqAt(draft.tree, stages)?.items.length ?? 0,
    new Map<string, Value>([
      ['name', name],
      ['steps', [step]],
    ]),
  )
}
