import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { ApprovalView, AttemptView, RunView, StepView } from '../../api/types'
import { paths } from '../../lib/paths'
import { lasted } from '../../lib/time'
import { Duration } from '../../ui/Duration'
import { StatusIcon } from '../../ui/StatusIcon'
import { Time } from '../../ui/Time'
import { Decide } from './Decide'

/** When it ran, why it ended so, what it needed, each attempt, and who decided what. */
export function StepDetails({ run, step }: { run: RunView; step: StepView }) {
  const { t } = useTranslation('runs')
  const needs = step.needs.flatMap(index => run.steps.find(one => one.index === index) ?? [])
  return (
    <div className="tab-body stack">
      <dl className="details">
        <Detail name={t('step.why')}>{step.why}</Detail>
        <Detail name={t('step.when')}>{step.when && <code>{step.when}</code>}</Detail>
        <Detail name={t('step.needs')}>
          {needs.length > 0 && (
            <span className="row wrap">
              {needs.map(need => (
                <Link key={need.name} {...paths.run(run.id, { step: need.name })} className="row" style={{ gap: 5 }}>
                  <StatusIcon status={need.status} /> {need.name}
                </Link>
              ))}
            </span>
          )}
        </Detail>
        <Detail name={t('step.stage')}>{step.stage}</Detail>
        <Detail name={t('step.group')}>{step.group}</Detail>
        <Detail name={t('step.continues')}>{step.continue_on_failure && t('step.continuesYes')}</Detail>
        <Detail name={t('step.started')}>{step.started_at && <Time at={step.started_at} />}</Detail>
        <Detail name={t('step.finished')}>{step.finished_at && <Time at={step.finished_at} />}</Detail>
        <Detail name={t('step.exitCode')}>{step.exit_code !== null && <code>{step.exit_code}</code>}</Detail>
      </dl>
      {step.attempts.length > 0 && (
        <div>
          <h3>{t('step.attemptsTitle')}</h3>
          <ol className="plain-list">
            {step.attempts.map(attempt => (
              <Attempt key={attempt.number} run={run.id} step={step} attempt={attempt} />
            ))}
          </ol>
        </div>
      )}
      {step.approval && (
        <div className="stack tight">
          <h3>{t('step.approvalTitle')}</h3>
          <Approval approval={step.approval} />
          {step.status === 'waiting' && <Decide run={run.id} step={step} />}
        </div>
      )}
    </div>
  )
}

function Detail({ name, children }: { name: string; children: ReactNode }) {
  // What there is nothing to say about is left out.
  if (children === null || children === undefined || children === false || children === '') return null
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}

function Attempt({ run, step, attempt }: { run: string; step: StepView; attempt: AttemptView }) {
  const { t } = useTranslation('runs')
  const status = attempt.outcome === null ? 'running' : attempt.outcome === 'succeeded' ? 'success' : 'failed'
  return (
    <li className="attempt">
      <StatusIcon
        status={attempt.outcome === 'timed_out' ? 'timed_out' : attempt.outcome === 'stopped' ? 'cancelled' : status}
      />
      <Link {...paths.run(run, { step: step.name, attempt: attempt.number })} className="num">
        {t('steps.attempts', { count: attempt.number })}
      </Link>
      <span>{t(`outcome.${attempt.outcome ?? 'running'}`)}</span>
      <span className="muted">{attempt.message}</span>
      <span className="grow" />
      {attempt.retry_at && !step.attempts.some(other => other.number > attempt.number) && (
        <span className="muted small">
          {t('step.retriesAt')} <Time at={attempt.retry_at} />
        </span>
      )}
      <span className="muted small">
        <Duration
          ms={attempt.ended_at === null ? null : lasted(attempt.started_at, attempt.ended_at, 0)}
          since={attempt.started_at}
          live
        />
      </span>
    </li>
  )
}

function Approval({ approval }: { approval: ApprovalView }) {
  const { t } = useTranslation('runs')
  const given = approval.decisions.filter(decision => decision.approved).length
  return (
    <>
      {approval.message && <p>{approval.message}</p>}
      <p className="muted small num">
        {t('approval.progress', { given, required: approval.required })}
        {' · '}
        {approval.approvers.length > 0
          ? t('approval.approvers', { names: approval.approvers.join(', ') })
          : t('approval.anyone')}
      </p>
      <ul className="plain-list">
        {approval.decisions.map(decision => (
          <li key={`${decision.by} ${decision.at}`} className="attempt">
            <StatusIcon status={decision.approved ? 'success' : 'failed'} />
            <strong>{decision.by}</strong>
            <span>{decision.approved ? t('approval.approved') : t('approval.rejected')}</span>
            {decision.comment && <span className="muted">“{decision.comment}”</span>}
            <span className="grow" />
            <span className="muted small">
              <Time at={decision.at} />
            </span>
          </li>
        ))}
      </ul>
    </>
  )
}
