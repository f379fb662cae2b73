import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { pipeline as pipelineQuery, runs as runsQuery } from '../../api/queries'
import type { PipelineView } from '../../api/types'
import { Dag } from '../../components/editor/Dag'
import { Failure } from '../../components/Failure'
import { Loaded } from '../../components/Loaded'
import { RunList } from '../../components/runs/RunList'
import { whileUnfinished } from '../../components/runs/whileUnfinished'
import { paths } from '../../lib/paths'
import { EmptyState } from '../../ui/EmptyState'
import { PageHeader } from '../../ui/PageHeader'
import { BlockSkeleton, RowsSkeleton } from '../../ui/Skeletons'
import { Ticks } from '../../ui/Ticks'
import { Time } from '../../ui/Time'
import { PipelineActions } from './PipelineActions'
import { RunDialog } from './RunDialog'
import { Statistics } from './Statistics'
import { Triggers } from './Triggers'
import { VersionsCard } from './VersionsCard'
import './pipelines.css'

const route = getRouteApi('/app/pipelines/$id')

export default function PipelinePage() {
  const { t } = useTranslation('pipelines')
  const { id } = route.useParams()
  const query = useQuery({ ...pipelineQuery(id), refetchInterval: 30_000 })
  return (
    <Loaded
      page
      query={query}
      skeleton={
        <>
          <PageHeader title="" name={t('title')} crumbs={<Link {...paths.pipelines()}>{t('title')}</Link>} />
          <BlockSkeleton height={420} />
        </>
      }
    >
      {pipeline => <Overview key={pipeline.id} pipeline={pipeline} />}
    </Loaded>
  )
}

function Overview({ pipeline }: { pipeline: PipelineView }) {
  const { t } = useTranslation('pipelines')
  const search = route.useSearch()
  const navigate = useNavigate()
  const days = search.days ?? 30
  const go = (change: typeof search) =>
    void navigate({ ...paths.pipeline(pipeline.id, { ...search, ...change }), replace: true })
  return (
    <>
      <PageHeader
        title={pipeline.name}
        crumbs={<Link {...paths.pipelines()}>{t('title')}</Link>}
        actions={<PipelineActions pipeline={pipeline} onRun={() => go({ run: true })} />}
      >
        <p className="muted small row wrap">
          {!pipeline.enabled && <span className="tag tone-quiet">{t('list.disabled')}</span>}
          {pipeline.description && <span>{pipeline.description}</span>}
          <span>
            {t('view.version', { version: pipeline.version })} · {t('view.changedBy', { name: pipeline.updated_by })}{' '}
            <Time at={pipeline.updated_at} />
          </span>
        </p>
      </PageHeader>
      <div className="stack">
        {pipeline.diagnostics.length > 0 && (
          <ul className="plain-list notice" aria-label={t('editor.problemList')}>
            {pipeline.diagnostics.map(one => (
              <li key={`${one.line}:${one.column}:${one.message}`}>
                <span className="num">{one.line}</span> · <Ticks text={one.message} />
                {one.help && (
                  <>
                    {' — '}
                    <Ticks text={one.help} />
                  </>
                )}
              </li>
            ))}
          </ul>
        )}
        <Dag outline={pipeline.outline} onChoose={step => void navigate(paths.editPipeline(pipeline.id, { step }))} />
        <div className="overview-grid">
          <div className="stack">
            <LastRuns id={pipeline.id} />
            <Statistics id={pipeline.id} days={days} onDays={days => go({ days: days === 30 ? undefined : days })} />
          </div>
          <div className="stack">
            <Triggers pipeline={pipeline} />
            <VersionsCard pipeline={pipeline} />
          </div>
        </div>
      </div>
      <RunDialog pipeline={pipeline} open={search.run === true} onClose={() => go({ run: undefined })} />
    </>
  )
}

function LastRuns({ id }: { id: string }) {
  const { t } = useTranslation('pipelines')
  const query = useInfiniteQuery({ ...runsQuery({ pipeline: id, limit: 8 }), refetchInterval: whileUnfinished })
  const runs = query.data?.pages[0]?.items
  return (
    <section className="card" aria-label={t('list.lastRuns')}>
      <div className="card-head">
        <h2>{t('list.lastRuns')}</h2>
        <Link {...paths.runs({ pipeline: id })} className="small">
          {t('view.allRuns')}
        </Link>
      </div>
      {runs === undefined ? (
        query.isError ? (
          <Failure error={query.error} onRetry={() => void query.refetch()} />
        ) : (
          <RowsSkeleton rows={5} height={58} />
        )
      ) : runs.length === 0 ? (
        <EmptyState title={t('view.noRuns')}>{t('view.noRunsHelp')}</EmptyState>
      ) : (
        <RunList runs={runs} label={t('list.lastRuns')} />
      )}
    </section>
  )
}
