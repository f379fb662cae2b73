import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { RunView } from '../../api/types'
import { paths } from '../../lib/paths'
import { StatusIcon } from '../../ui/StatusIcon'
import { Time } from '../../ui/Time'
import { Decide } from './Decide'

/** What somebody must decide before the run goes on. */
export function ApprovalBanners({ run }: { run: RunView }) {
  const { t } = useTranslation('runs')
  const waiting = run.steps.filter(step => step.status === 'waiting' && step.approval)
  return waiting.map(step => (
    <section key={step.name} className="banner" aria-label={t('approval.waits', { step: step.name })}>
      <div className="row" style={{ alignItems: 'flex-start', gap: 12 }}>
        <StatusIcon status="waiting" size={20} />
        <div className="grow">
          <h2>{t('approval.waits', { step: step.name })}</h2>
          {step.approval?.message && <p>{step.approval.message}</p>}
          <p className="muted small row wrap" style={{ gap: '2px 14px' }}>
            {step.approval && <Progress approval={step.approval} />}
            {step.approval?.deadline && (
              <span>
                {t('approval.deadline')} <Time at={step.approval.deadline} />
              </span>
            )}
            <Link {...paths.run(run.id, { step: step.name, tab: 'details' })}>{t('approval.show')}</Link>
          </p>
        </div>
      </div>
      <Decide run={run.id} step={step} />
    </section>
  ))
}

function Progress({ approval }: { approval: NonNullable<RunView['steps'][number]['approval']> }) {
  const { t } = useTranslation('runs')
  const given = approval.decisions.filter(decision => decision.approved).length
  return (
    <>
      <span className="num">{t('approval.progress', { given, required: approval.required })}</span>
      <span>
        {approval.approvers.length > 0
          ? t('approval.approvers', { names: approval.approvers.join(', ') })
          : t('approval.anyone')}
      </span>
    </>
  )
}
