// Numbers for charts.

interface Day {
  day: string
  success: number
  failed: number
  cancelled: number
  timed_out: number
}

/** Days in epoch seconds, and the tops of three bars on top of each other: all, without cancelled, succeeded. */
export function stacked(trend: readonly Day[]): [number[], number[], number[], number[]] {
  const bad = (day: Day) => day.failed + day.timed_out
  return [
    trend.map(day => Date.parse(`${day.day}T00:00:00Z`) / 1000),
    trend.map(day => day.success + bad(day) + day.cancelled),
    trend.map(day => day.success + bad(day)),
    trend.map(day => day.success),
  ]
}

/** Of the runs that came to an end by themselves, the share that succeeded; null when there is none. */
export function successRate(total: { success: number; failed: number; timed_out: number }): number | null {
  const all = total.success + total.failed + total.timed_out
  return all === 0 ? null : total.success / all
}
