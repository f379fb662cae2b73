import { Link, type LinkProps } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { RunView, StepView } from '../../api/types'
import { ended, tone } from '../../lib/status'
import { byStage, shareOf } from '../../lib/steps'
import { useNow } from '../../ui/clock'
import { Duration } from '../../ui/Duration'
import { StatusIcon } from '../../ui/StatusIcon'

interface Props {
  run: RunView
  chosen: string | undefined
  linkOf: (step: string) => LinkProps
}

export function StepList({ run, chosen, linkOf }: Props) {
  const now = useNow(ended(run.status) ? null : 'second')
  return (
    <div className="step-list">
      {byStage(run.steps).map(({ stage, steps }) => (
        <div key={`${stage}-${steps[0]?.index}`}>
          {stage && <h3>{stage}</h3>}
          <ol className="plain-list">
            {steps.map(step => (
              <Row
                key={step.name}
                step={step}
                run={run}
                now={now}
                current={step.name === chosen}
                link={linkOf(step.name)}
              />
            ))}
          </ol>
        </div>
      ))}
    </div>
  )
}

interface RowProps {
  step: StepView
  run: RunView
  now: number
  current: boolean
  link: LinkProps
}

function Row({ step, run, now, current, link }: RowProps) {
  const { t } = useTranslation(['runs', 'common'])
  const share = shareOf(step, run, now)
  const tries = step.attempts.length
  return (
    <li
      className={step.group ? 'in-group' : ''}
      title={step.group ? t('steps.group', { name: step.group }) : undefined}
    >
      <Link {...link} className="step-row" replace aria-current={current ? 'true' : undefined} resetScroll={false}>
        <StatusIcon status={step.status} size={16} />
        <span className="visually-hidden">{t(`common:status.${step.status}`)}:</span>
        <span className="step-name truncate" title={step.name}>
          {step.name}
        </span>
        {tries > 1 && (
          <span
            className="tries num"
            role="img"
            title={t('steps.attempts', { count: tries })}
            aria-label={t('steps.attempts', { count: tries })}
          >
            ×{tries}
          </span>
        )}
        <span className="step-time small muted">
          {step.status === 'waiting' || step.status === 'skipped' ? (
            t(`common:status.${step.status}`)
          ) : (
            <Duration ms={step.duration_ms} since={step.started_at} live={!ended(step.status)} />
          )}
        </span>
        <span className="track" aria-hidden="true">
          {share && (
            <span
              style={{
                left: `${share.left}%`,
                width: `${share.width}%`,
                background: `var(--${tone(step.status)}-solid)`,
              }}
            />
          )}
        </span>
      </Link>
    </li>
  )
}
