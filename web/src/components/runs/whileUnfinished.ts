import type { Page, RunSummary } from '../../api/types'
import { ended } from '../../lib/status'

/**
 * `refetchInterval` of a list of runs: three seconds (a page) while one of them goes on, else half a minute for new
 * ones. A hidden tab asks nothing, which is the query client's default.
 */
export function whileUnfinished(query: { state: { data?: { pages: Page<RunSummary>[] } | undefined } }): number {
  const pages = query.state.data?.pages ?? []
  const live = pages.some(page => page.items.some(run => !ended(run.status)))
  return live ? 3_000 * pages.length : 30_000
}
