import { getRouteApi, useNavigate } from '@tanstack/react-router'
import Tabs from 'antd/es/tabs'
import { useTranslation } from 'react-i18next'
import type { RunView, StepView } from '../../api/types'
import { CauseWord } from '../../components/kube/VerdictCard'
import { WaitingLine } from '../../components/kube/WaitingLine'
import { whyNot } from '../../lib/may'
import { paths } from '../../lib/paths'
import type { StepTab } from '../../lib/places'
import { ended } from '../../lib/status'
import { isWatching, watchedOf } from '../../lib/watched'
import { ConfirmButton } from '../../ui/ConfirmButton'
import { Duration } from '../../ui/Duration'
import { StatusTag } from '../../ui/StatusTag'
import { Ticks } from '../../ui/Ticks'
import { useRetry } from './RunActions'
import { StepArtifacts } from './StepArtifacts'
import { StepDetails } from './StepDetails'
import { StepLog } from './StepLog'
import { StepOutputs } from './StepOutputs'
import { StepRollout } from './StepRollout'

const route = getRouteApi('/app/runs/$id')

/** Everything about the chosen step. */
export function StepPanel({ run, step }: { run: RunView; step: StepView }) {
  const { t } = useTranslation(['runs', 'kube'])
  const search = route.useSearch()
  const navigate = useNavigate()
  const retry = useRetry(run)
  const watching = isWatching(step)
  const { waiting, verdict } = watchedOf(step)
  const shown = search.tab ?? (watching && search.line === undefined ? 'rollout' : 'log')
  const outputs = Object.keys(step.outputs).length + step.masked_outputs.length
  const items = [
    ...(watching
      ? [
          {
            key: 'rollout',
            label: t('kube:rollout.tab'),
            children: (
              <StepRollout key={`${step.step_run}/${search.attempt}`} run={run} step={step} attempt={search.attempt} />
            ),
          },
        ]
      : []),
    { key: 'log', label: t('step.log'), children: <StepLog run={run} step={step} /> },
    {
      key: 'outputs',
      label: <Counted name={t('step.outputs')} count={outputs} />,
      children: <StepOutputs step={step} />,
    },
    {
      key: 'artifacts',
      label: <Counted name={t('step.artifacts')} count={step.artifacts} />,
      children: <StepArtifacts run={run} step={step} />,
    },
    { key: 'details', label: t('step.details'), children: <StepDetails run={run} step={step} /> },
  ]
  const go = (tab: string) =>
    void navigate({
      ...paths.run(run.id, {
        ...search,
        step: step.name,
        tab: tab === (watching ? 'rollout' : 'log') ? undefined : (tab as StepTab),
        line: undefined,
      }),
      replace: true,
      resetScroll: false,
    })
  return (
    <section className="card step-panel" aria-labelledby="step-title">
      <div className="card-head wrap">
        <div className="row wrap grow" style={{ gap: '4px 10px' }}>
          <h2 id="step-title">{step.name}</h2>
          <StatusTag status={step.status} />
          <code className="muted">{step.type}</code>
          <span className="muted small">
            <Duration ms={step.duration_ms} since={step.started_at} live={!ended(step.status)} />
          </span>
        </div>
        <ConfirmButton
          size="small"
          refused={whyNot(step, 'retry')}
          question={t('act.retryQuestion')}
          consequence={t('act.retryFromHelp', { step: step.name })}
          yes={t('act.retry')}
          onConfirm={() => retry({ from: step.name })}
        >
          {t('act.retryFrom')}
        </ConfirmButton>
      </div>
      {waiting && step.status === 'running' && shown !== 'rollout' && <WaitingLine waiting={waiting} />}
      {step.why && step.status !== 'success' && !(verdict && shown === 'rollout') && (
        <p className={`why tone-${step.status === 'failed' || step.status === 'timed_out' ? 'bad' : 'quiet'}`}>
          {verdict?.cause && (
            <strong>
              <CauseWord cause={verdict.cause} />
              {': '}
            </strong>
          )}
          <Ticks text={step.why} />
        </p>
      )}
      <Tabs
        className="step-tabs"
        aria-label={t('step.tabs')}
        activeKey={shown}
        onChange={go}
        items={items}
        destroyOnHidden
        tabBarGutter={20}
      />
    </section>
  )
}

function Counted({ name, count }: { name: string; count: number }) {
  return (
    <>
      {name} {count > 0 && <span className="count num">{count}</span>}
    </>
  )
}
