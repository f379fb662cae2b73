// Lines that pods write, as many as a page keeps.

export interface PodLine {
  /** In the order of arrival, for whoever draws them. */
  number: number
  pod: string
  container: string
  at: string | null
  text: string
}

/** The oldest go when there are more. */
export const MOST_LINES = 20_000

export type Told = Omit<PodLine, 'number'>

/** What a stream brought: `{"lines": […]}`. */
export function readLines(data: unknown): Told[] {
  if (typeof data !== 'string') return []
  try {
    const found = JSON.parse(data) as { lines?: Told[] } | null
    return Array.isArray(found?.lines) ? found.lines : []
  } catch {
    return []
  }
}

export function withLines(known: readonly PodLine[], told: readonly Told[]): PodLine[] {
  const first = (known.at(-1)?.number ?? 0) + 1
  const fresh = told.map((one, index) => ({ ...one, number: first + index }))
  return [...known, ...fresh].slice(-MOST_LINES)
}
