import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import Segmented from 'antd/es/segmented'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { run as runQuery } from '../../api/queries'
import type { RunView } from '../../api/types'
import { Loaded } from '../../components/Loaded'
import { useRunLive } from '../../components/runs/useRunLive'
import { paths } from '../../lib/paths'
import { ended } from '../../lib/status'
import { chosenStep } from '../../lib/steps'
import { EmptyState } from '../../ui/EmptyState'
import { BlockSkeleton, PageSkeleton } from '../../ui/Skeletons'
import { ApprovalBanners } from './ApprovalBanner'
import { RunHeader } from './RunHeader'
import { StepList } from './StepList'
import { StepPanel } from './StepPanel'
import './run.css'

const StepGraph = lazy(() => import('./StepGraph').then(({ StepGraph }) => ({ default: StepGraph })))
const route = getRouteApi('/app/runs/$id')

export default function RunPage() {
  const { id } = route.useParams()
  const query = useQuery(runQuery(id))
  useRunLive(id, query.data?.seq, query.data !== undefined && ended(query.data.status))
  return (
    <Loaded page query={query} skeleton={<PageSkeleton />}>
      {run => <Run run={run} />}
    </Loaded>
  )
}

function Run({ run }: { run: RunView }) {
  const { t } = useTranslation('runs')
  const search = route.useSearch()
  const navigate = useNavigate()
  const step = chosenStep(run.steps, search.step)
  const graph = search.view === 'graph'
  const choose = (name: string) => void navigate(paths.run(run.id, { step: name, tab: search.tab, view: search.view }))
  return (
    <>
      <RunHeader run={run} />
      <ApprovalBanners run={run} />
      <div className={`run-page${graph ? ' graph' : ''}`}>
        <section className="card run-steps" aria-labelledby="steps-title">
          <div className="card-head">
            <h2 id="steps-title">{t('steps.title')}</h2>
            <Segmented
              size="small"
              aria-label={t('steps.view')}
              value={search.view ?? 'list'}
              onChange={view =>
                void navigate({
                  ...paths.run(run.id, { ...search, view: view === 'graph' ? view : undefined }),
                  replace: true,
                })
              }
              options={[
                { value: 'list', label: t('steps.list') },
                { value: 'graph', label: t('steps.graph') },
              ]}
            />
          </div>
          {graph ? (
            <Suspense fallback={<BlockSkeleton height={300} />}>
              <StepGraph steps={run.steps} chosen={step?.name} onChoose={choose} />
            </Suspense>
          ) : (
            <StepList
              run={run}
              chosen={step?.name}
              linkOf={name => paths.run(run.id, { step: name, view: search.view })}
            />
          )}
        </section>
        {step ? (
          <StepPanel key={step.name} run={run} step={step} />
        ) : (
          <div className="card">
            <EmptyState
              title={t('steps.none')}
              action={<Link {...paths.pipeline(run.pipeline.id)}>{run.pipeline.name}</Link>}
            />
          </div>
        )}
      </div>
    </>
  )
}
