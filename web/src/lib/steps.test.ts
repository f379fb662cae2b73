import { expect, test } from 'vitest'
import type { StepStatus } from './status'
import { byStage, chosenStep, shareOf } from './steps'

const at = (seconds: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, seconds)).toISOString()
const step = (name: string, status: StepStatus, from: number | null = 0, to: number | null = 1) => ({
  name,
  status,
  started_at: from === null ? null : at(from),
  finished_at: to === null ? null : at(to),
})

test('the named step is shown, else what needs somebody, goes on, failed, or ran last', () => {
  const all = [
    step('a', 'success'),
    step('b', 'failed'),
    step('c', 'running'),
    step('d', 'waiting'),
    step('e', 'pending', null),
  ]
  expect(chosenStep(all, 'a')?.name).toBe('a')
  expect(chosenStep(all, 'gone')?.name).toBe('d')
  expect(chosenStep(all.slice(0, 3), undefined)?.name).toBe('c')
  expect(chosenStep(all.slice(0, 2), undefined)?.name).toBe('b')
  expect(chosenStep([step('a', 'success'), step('b', 'skipped', null)], undefined)?.name).toBe('a')
  expect(chosenStep([step('a', 'pending', null)], undefined)?.name).toBe('a')
  expect(chosenStep([], undefined)).toBeUndefined()
})

test('a step has its part of the time of the run', () => {
  const run = { started_at: at(0), finished_at: at(10) }
  expect(shareOf(step('a', 'success', 2, 7), run, 0)).toEqual({ left: 20, width: 50 })
  expect(shareOf(step('a', 'success', 10, 10), run, 0)).toEqual({ left: 99, width: 1 })
  expect(shareOf(step('a', 'pending', null), run, 0)).toBeNull()
  const live = { started_at: at(0), finished_at: null }
  expect(shareOf(step('a', 'running', 5, null), live, Date.parse(at(10)))).toEqual({ left: 50, width: 50 })
})

test('steps stand under their stages', () => {
  const steps = [{ stage: 'build' }, { stage: 'build' }, { stage: null }, { stage: 'build' }]
  expect(byStage(steps).map(part => [part.stage, part.steps.length])).toEqual([
    ['build', 2],
    [null, 1],
    ['build', 1],
  ])
})
