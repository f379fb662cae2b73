import { useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import Button from 'antd/es/button'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { runs as runsQuery } from '../../api/queries'
import { Failure } from '../../components/Failure'
import { LoadMore } from '../../components/LoadMore'
import { RunList } from '../../components/runs/RunList'
import { whileUnfinished } from '../../components/runs/whileUnfinished'
import { paths } from '../../lib/paths'
import { sinceOf } from '../../lib/period'
import type { RunsSearch } from '../../lib/places'
import { EmptyState } from '../../ui/EmptyState'
import { PageHeader } from '../../ui/PageHeader'
import { RowsSkeleton } from '../../ui/Skeletons'
import { RunFilters } from './RunFilters'

const route = getRouteApi('/app/runs')

export default function RunsPage() {
  const { t } = useTranslation('runs')
  const search = route.useSearch()
  const navigate = useNavigate()
  const set = (change: Partial<RunsSearch>) => void navigate({ ...paths.runs({ ...search, ...change }), replace: true })
  return (
    <>
      <PageHeader title={t('title')} />
      <div className="stack">
        <RunFilters search={search} set={set} />
        <section className="card" aria-label={t('list.label')}>
          <Runs search={search} />
        </section>
      </div>
    </>
  )
}

function Runs({ search }: { search: RunsSearch }) {
  const { t } = useTranslation('runs')
  const { period, ...rest } = search
  // Of a period, the beginning is fixed when it is chosen: a moving one would be another question at each drawing.
  const since = useMemo(() => sinceOf(period, Date.now()), [period])
  const query = useInfiniteQuery({ ...runsQuery({ ...rest, since }), refetchInterval: whileUnfinished })
  const runs = query.data?.pages.flatMap(page => page.items)
  if (!runs) {
    if (query.isError) return <Failure error={query.error} onRetry={() => void query.refetch()} />
    return <RowsSkeleton rows={10} height={58} />
  }
  if (runs.length > 0)
    return (
      <>
        <RunList runs={runs} />
        <LoadMore query={query} />
      </>
    )
  const filtered = Object.values(search).some(value => value !== undefined)
  if (!filtered)
    return (
      <EmptyState title={t('list.empty')} action={<Link {...paths.pipelines()}>{t('list.toPipelines')}</Link>}>
        {t('list.emptyHelp')}
      </EmptyState>
    )
  return (
    <EmptyState
      title={t('list.noMatch')}
      action={
        <Link {...paths.runs()}>
          <Button tabIndex={-1}>{t('filter.clear')}</Button>
        </Link>
      }
    >
      {t('list.noMatchHelp')}
    </EmptyState>
  )
}
