// Which step of a run is shown, and where each stands in the run's time.

import { ended, type StepStatus } from './status'

interface Step {
  name: string
  status: StepStatus
  started_at: string | null
  finished_at: string | null
}

/** What a reader came for: what waits for him, what goes on, what failed; else the last that ran. */
const FIRST: StepStatus[] = ['waiting', 'running', 'retrying', 'failed', 'timed_out']

export function chosenStep<S extends Step>(steps: readonly S[], name: string | undefined): S | undefined {
  const named = name === undefined ? undefined : steps.find(step => step.name === name)
  if (named) return named
  for (const status of FIRST) {
    const found = steps.find(step => step.status === status)
    if (found) return found
  }
  return steps.findLast(step => ended(step.status) && step.started_at !== null) ?? steps[0]
}

export interface Share {
  /** Percent of the run's time. */
  left: number
  width: number
}

/** From when to when a step ran, as a part of the run's time; null when it never began. */
export function shareOf(
  step: Step,
  run: { started_at: string | null; finished_at: string | null },
  now: number,
): Share | null {
  if (step.started_at === null || run.started_at === null) return null
  const begin = Date.parse(run.started_at)
  const end = run.finished_at === null ? now : Date.parse(run.finished_at)
  const whole = Math.max(1, end - begin)
  const percent = (ms: number) => Math.min(100, Math.max(0, (ms / whole) * 100))
  const left = percent(Date.parse(step.started_at) - begin)
  const right = percent((step.finished_at === null ? end : Date.parse(step.finished_at)) - begin)
  // Something that took no time is still to be seen.
  const width = Math.max(1, right - left)
  return { left: Math.min(left, 100 - width), width }
}

/** The steps under the headings of their stages, in order; without stages one heading that is null. */
export function byStage<S extends { stage: string | null }>(
  steps: readonly S[],
): { stage: string | null; steps: S[] }[] {
  const out: { stage: string | null; steps: S[] }[] = []
  for (const step of steps) {
    const last = out.at(-1)
    if (last && last.stage === step.stage) last.steps.push(step)
    else out.push({ stage: step.stage, steps: [step] })
  }
  return out
}
