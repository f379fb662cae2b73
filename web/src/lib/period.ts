import type { RunsSearch } from './places'

const HOURS = { '1h': 1, '24h': 24, '7d': 168, '30d': 720 } as const

/** When a period that ends now began, as RFC 3339. */
export function sinceOf(period: RunsSearch['period'], now: number): string | undefined {
  return period && new Date(now - HOURS[period] * 3_600_000).toISOString()
}
