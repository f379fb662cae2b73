import { Link } from '@tanstack/react-router'
import Tooltip from 'antd/es/tooltip'
import { useTranslation } from 'react-i18next'
import type { RunBrief } from '../../api/types'
import { paths } from '../../lib/paths'
import { absolute, duration } from '../../lib/time'
import { StatusIcon } from '../../ui/StatusIcon'

const MOST = 10

/** The last runs, the oldest left: a shape and a colour each, and a link. */
export function RecentMarks({ runs }: { runs: readonly RunBrief[] }) {
  const { t, i18n } = useTranslation(['pipelines', 'common'])
  const shown = runs.slice(0, MOST).toReversed()
  return (
    <ul className="plain-list marks" aria-label={t('list.lastRuns')}>
      {Array.from({ length: MOST - shown.length }, (_, index) => index).map(index => (
        <li key={`none-${index}`} className="mark none" aria-hidden="true" />
      ))}
      {shown.map(run => {
        const status = t(`common:status.${run.status}`)
        const lasted = run.duration_ms === null ? '' : ` · ${duration(run.duration_ms, i18n.language)}`
        return (
          <li key={run.id} className="mark">
            <Tooltip
              title={`#${run.number} ${status}${lasted} · ${absolute(Date.parse(run.created_at), i18n.language)}`}
              mouseEnterDelay={0.2}
            >
              <Link {...paths.run(run.id)} aria-label={`#${run.number} ${status}`}>
                <StatusIcon status={run.status} size={15} />
              </Link>
            </Tooltip>
          </li>
        )
      })}
    </ul>
  )
}
