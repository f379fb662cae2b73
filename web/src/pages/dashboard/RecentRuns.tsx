import { type InfiniteData, type UseInfiniteQueryResult, useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type ReactNode, useId } from 'react'
import { useTranslation } from 'react-i18next'
import { runs } from '../../api/queries'
import type { Page, RunSummary } from '../../api/types'
import { Failure } from '../../components/Failure'
import { RunList } from '../../components/runs/RunList'
import { whileUnfinished } from '../../components/runs/whileUnfinished'
import { paths } from '../../lib/paths'
import { RowsSkeleton } from '../../ui/Skeletons'

/** What goes on: followed closely while there is something. */
export function NowRuns() {
  const { t } = useTranslation('runs')
  const query = useInfiniteQuery({
    ...runs({ status: ['running', 'waiting', 'queued'], limit: 10 }),
    // Something may begin at any time.
    refetchInterval: query => Math.min(whileUnfinished(query), 10_000),
  })
  return <Runs query={query} title={t('dashboard.now')} none={t('dashboard.nothingNow')} rows={2} />
}

export function RecentRuns() {
  const { t } = useTranslation('runs')
  const query = useInfiniteQuery({
    ...runs({ status: ['success', 'failed', 'cancelled', 'timed_out'], limit: 10 }),
    refetchInterval: 10_000,
  })
  const all = (
    <Link {...paths.runs()} className="small">
      {t('dashboard.all')}
    </Link>
  )
  return <Runs query={query} title={t('dashboard.recent')} none={t('list.emptyHelp')} rows={6} more={all} />
}

interface Props {
  query: UseInfiniteQueryResult<InfiniteData<Page<RunSummary>>>
  title: string
  none: string
  rows: number
  more?: ReactNode
}

function Runs({ query, title, none, rows, more }: Props) {
  const id = useId()
  const runs = query.data?.pages[0]?.items
  return (
    <section className="card" aria-labelledby={id}>
      <div className="card-head">
        <h2 id={id}>{title}</h2>
        {more}
      </div>
      {runs === undefined ? (
        query.isError ? (
          <Failure error={query.error} onRetry={() => void query.refetch()} />
        ) : (
          <RowsSkeleton rows={rows} height={58} />
        )
      ) : runs.length === 0 ? (
        <p className="card-body muted">{none}</p>
      ) : (
        <RunList runs={runs} label={title} />
      )}
    </section>
  )
}
