import { Link, type LinkProps } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Overview } from '../../api/types'
import { paths } from '../../lib/paths'
import { count, percent } from '../../lib/size'
import type { RunStatus } from '../../lib/status'
import { successRate } from '../../lib/trend'
import { StatusIcon } from '../../ui/StatusIcon'

/** What goes on at this moment, and how it went lately; each leads to its runs. */
export function Counters({ overview }: { overview: Overview }) {
  const { t, i18n } = useTranslation('runs')
  const rate = successRate(overview.total)
  return (
    <ul className="plain-list counters">
      {(['running', 'queued', 'waiting'] as const).map(status => (
        <Counter
          key={status}
          link={paths.runs({ status: [status] })}
          status={overview[status] > 0 ? status : 'pending'}
          name={t(`dashboard.${status}`)}
        >
          {count(overview[status], i18n.language)}
        </Counter>
      ))}
      <Counter
        link={paths.runs({ period: '30d' })}
        status="success"
        name={t('dashboard.rate', { days: overview.days })}
      >
        {rate === null ? '–' : percent(rate, i18n.language)}
      </Counter>
    </ul>
  )
}

interface Props {
  link: LinkProps
  status: RunStatus | 'pending'
  name: string
  children: ReactNode
}

function Counter({ link, status, name, children }: Props) {
  return (
    <li>
      <Link {...link} className="card counter">
        <span className="counter-name">
          <StatusIcon status={status} /> {name}
        </span>
        <span className="counter-value num">{children}</span>
      </Link>
    </li>
  )
}
