import { getRouteApi, Link, useNavigate, useRouter } from '@tanstack/react-router'
import Segmented from 'antd/es/segmented'
import { useTranslation } from 'react-i18next'
import type { RunView, StepView } from '../../api/types'
import { LogViewer } from '../../components/log/LogViewer'
import { paths } from '../../lib/paths'
import { EmptyState } from '../../ui/EmptyState'

const route = getRouteApi('/app/runs/$id')

/** The log of the attempt that the URL names, or of the latest. */
export function StepLog({ run, step }: { run: RunView; step: StepView }) {
  const { t } = useTranslation('runs')
  const search = route.useSearch()
  const navigate = useNavigate()
  const router = useRouter()
  const latest = step.attempts.at(-1)?.number
  if (latest === undefined) return <NoLog run={run} step={step} />
  const attempt = step.attempts.find(({ number }) => number === search.attempt)?.number ?? latest
  const place = (line: string | undefined, of: number) =>
    paths.run(run.id, { ...search, step: step.name, line, attempt: of === latest ? undefined : of })
  // Made once, not for each of the lines at each turn of the wheel.
  const link = router.buildLocation(place('0', attempt)).href
  return (
    <div className="step-log">
      {step.attempts.length > 1 && (
        <div className="attempts">
          <Segmented
            size="small"
            aria-label={t('step.attempt')}
            value={attempt}
            onChange={number => void navigate({ ...place(undefined, number), replace: true, resetScroll: false })}
            options={step.attempts.map(({ number }) => ({
              value: number,
              label: t('steps.attempts', { count: number }),
            }))}
          />
        </div>
      )}
      <LogViewer
        key={`${step.step_run}/${attempt}`}
        source={{ run: run.id, step: step.name, attempt }}
        range={search.line}
        onRange={line => void navigate({ ...place(line, attempt), replace: true, resetScroll: false })}
        hrefOf={line => link.replace('line=0', `line=${line}`)}
      />
    </div>
  )
}

/** What ended so without an attempt was done by the run before. */
const CARRIED = new Set(['success', 'failed', 'timed_out'])

function NoLog({ run, step }: { run: RunView; step: StepView }) {
  const { t } = useTranslation('runs')
  if (run.retry_of !== null && CARRIED.has(step.status))
    return (
      <EmptyState
        title={t('step.carried')}
        action={<Link {...paths.run(run.retry_of, { step: step.name })}>{t('step.carriedLog')}</Link>}
      >
        {t('step.carriedHelp')}
      </EmptyState>
    )
  if (step.status === 'skipped') return <EmptyState title={t('step.skipped')}>{step.why}</EmptyState>
  if (step.status === 'waiting') return <EmptyState title={t('step.waits')}>{t('step.waitsHelp')}</EmptyState>
  if (step.status === 'pending' || step.status === 'running')
    return <EmptyState title={t('step.notStarted')}>{t('step.notStartedHelp')}</EmptyState>
  return <EmptyState title={t('step.noLog')}>{step.why}</EmptyState>
}
