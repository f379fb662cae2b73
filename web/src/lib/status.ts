// How each status looks: its tone is a colour, its shape an icon. The word comes from the language.

export type RunStatus = 'queued' | 'running' | 'waiting' | 'success' | 'failed' | 'cancelled' | 'timed_out'
export type StepStatus =
  | 'pending'
  | 'waiting'
  | 'running'
  | 'retrying'
  | 'success'
  | 'failed'
  | 'skipped'
  | 'cancelled'
  | 'timed_out'
export type AnyStatus = RunStatus | StepStatus
export type Tone = 'good' | 'bad' | 'busy' | 'hold' | 'quiet'

export const RUN_STATUSES: RunStatus[] = ['queued', 'running', 'waiting', 'success', 'failed', 'cancelled', 'timed_out']

const TONES: Record<AnyStatus, Tone> = {
  pending: 'quiet',
  queued: 'quiet',
  waiting: 'hold',
  running: 'busy',
  retrying: 'busy',
  success: 'good',
  failed: 'bad',
  skipped: 'quiet',
  cancelled: 'quiet',
  timed_out: 'bad',
}

export const tone = (status: AnyStatus): Tone => TONES[status]

/** Nothing will change any more. */
export function ended(status: AnyStatus): boolean {
  return (
    status === 'success' ||
    status === 'failed' ||
    status === 'cancelled' ||
    status === 'timed_out' ||
    status === 'skipped'
  )
}
