// Where in a cluster a step works: what stands on it, or on the nearest step before it that says it.

import { type StepKind, stepKind } from './catalogue'
import type { Draft } from './draft'
import { fieldOnStep, setField } from './field'
import { scalarOf } from './value'
import type { PipelineView, StepView } from './view'

/** What belongs to one cluster only. */
export const OF_CLUSTER = ['namespace', 'resource_name', 'pod', 'container'] as const

/** What a step says of a parameter; nothing where it says nothing, or has none of that name. */
export function said(
  view: PipelineView,
  catalogue: readonly StepKind[],
  step: StepView,
  key: string,
): string | undefined {
  const kind = stepKind(catalogue, step.type)
  const param = kind?.parameters.find(one => one.key === key)
  return kind && param ? scalarOf(fieldOnStep(view.tree, step.path, kind, param).found?.value) : undefined
}

/** The same, taken from the nearest earlier step where this one leaves it out. What is filled in later is not known. */
export function meant(
  view: PipelineView,
  catalogue: readonly StepKind[],
  step: StepView,
  key: string,
): string | undefined {
  for (let index = step.index; index >= 0; index -= 1) {
    const one = view.steps[index]
    const value = one && said(view, catalogue, one, key)
    if (value !== undefined && value !== '') return value.includes('{{') ? undefined : value
  }
  return undefined
}

/** Leaves out what belonged to the cluster that the step no longer works in; which parameters those were. */
export function leavePlace(draft: Draft, view: PipelineView, catalogue: readonly StepKind[], index: number): string[] {
  const step = view.steps[index]
  const kind = step && stepKind(catalogue, step.type)
  if (!step || !kind) return []
  const left: string[] = []
  for (const key of OF_CLUSTER) {
    const param = kind.parameters.find(one => one.key === key)
    const field = param && fieldOnStep(draft.tree, step.path, kind, param)
    const value = scalarOf(field?.found?.value)
    // What is filled in when it runs may well be right there, too.
    if (!field || value === undefined || value.includes('{{')) continue
    setField(draft, field, null)
    left.push(key)
  }
  return left
}
