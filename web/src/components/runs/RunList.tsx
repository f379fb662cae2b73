import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { RunSummary } from '../../api/types'
import { paths } from '../../lib/paths'
import { ended } from '../../lib/status'
import { Duration } from '../../ui/Duration'
import { StatusTag } from '../../ui/StatusTag'
import { Time } from '../../ui/Time'
import { Revision, StartedBy } from './RunFacts'

/** Runs, newest first; a card each where there is no room for a line. */
export function RunList({ runs, label }: { runs: readonly RunSummary[]; label?: string }) {
  const { t } = useTranslation('runs')
  return (
    <ul className="plain-list run-list" aria-label={label ?? t('list.label')}>
      {runs.map(run => (
        <li key={run.id} className="run-row">
          <span className="run-status">
            <StatusTag status={run.status} />
          </span>
          <span className="run-name">
            <Link {...paths.run(run.id)} className="run-link truncate">
              {run.pipeline.name} <span className="num muted">#{run.number}</span>
            </Link>
            <span className="muted small truncate">
              <StartedBy run={run} />
            </span>
          </span>
          <span className="run-revision small">
            <Revision run={run} />
          </span>
          <span className="run-times muted small">
            <Time at={run.started_at ?? run.created_at} />
            <Duration ms={run.duration_ms} since={run.started_at} live={!ended(run.status)} />
          </span>
        </li>
      ))}
    </ul>
  )
}
