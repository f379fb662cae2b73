import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { Overview } from '../../api/types'
import { paths } from '../../lib/paths'
import { Duration } from '../../ui/Duration'
import { StatusIcon } from '../../ui/StatusIcon'
import { Time } from '../../ui/Time'

/** Pipelines whose last run failed. */
export function Failing({ overview }: { overview: Overview }) {
  const { t } = useTranslation('runs')
  return (
    <section className="card" aria-labelledby="failing-title">
      <div className="card-head">
        <h2 id="failing-title">{t('dashboard.failing')}</h2>
      </div>
      {overview.failing.length === 0 ? (
        <p className="card-body muted row">
          <StatusIcon status="success" /> {t('dashboard.noneFailing')}
        </p>
      ) : (
        <ul className="plain-list">
          {overview.failing.map(({ pipeline, failures_in_a_row, last }) => (
            <li key={pipeline.id} className="ranked">
              <StatusIcon status={last.status} size={16} />
              <span className="grow">
                <Link {...paths.pipeline(pipeline.id)} className="truncate">
                  {pipeline.name}
                </Link>
                <span className="muted small">{t('dashboard.inARow', { count: failures_in_a_row })}</span>
              </span>
              <span className="small muted">
                <Link {...paths.run(last.id)} className="num">
                  #{last.number}
                </Link>
                <Time at={last.created_at} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

export function Slowest({ overview }: { overview: Overview }) {
  const { t } = useTranslation('runs')
  if (overview.slowest.length === 0) return null
  return (
    <section className="card" aria-labelledby="slowest-title">
      <div className="card-head">
        <h2 id="slowest-title">{t('dashboard.slowest')}</h2>
        <span className="muted small">{t('dashboard.p95')}</span>
      </div>
      <ul className="plain-list">
        {overview.slowest.map(({ pipeline, p95_ms }) => (
          <li key={pipeline.id} className="ranked">
            <Link {...paths.pipeline(pipeline.id)} className="truncate grow">
              {pipeline.name}
            </Link>
            <Duration ms={p95_ms} />
          </li>
        ))}
      </ul>
    </section>
  )
}
