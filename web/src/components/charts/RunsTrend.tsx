import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Day } from '../../api/types'
import { stacked } from '../../lib/trend'
import { BlockSkeleton } from '../../ui/Skeletons'
import { Toggle } from '../../ui/Toggle'
import { useTheme } from '../theme'
import { bars } from './bars'
import './charts.css'

const Plot = lazy(() => import('../../ui/Plot').then(({ Plot }) => ({ default: Plot })))
const HEIGHT = 200

/** Ended runs per day by how they ended, as bars or as a table. */
export function RunsTrend({ trend, days }: { trend: readonly Day[]; days: number }) {
  const { t, i18n } = useTranslation(['runs', 'common'])
  const { scheme } = useTheme()
  const [table, setTable] = useState(false)
  const none = trend.every(day => day.success + day.failed + day.timed_out + day.cancelled === 0)
  const words = {
    success: t('common:status.success'),
    failed: t('common:status.failed'),
    cancelled: t('common:status.cancelled'),
  }
  return (
    <section className="card" aria-labelledby="trend-title">
      <div className="card-head">
        <h2 id="trend-title">{t('dashboard.trend')}</h2>
        {!none && (
          <Toggle on={table} onChange={setTable} name={table ? t('dashboard.trendChart') : t('dashboard.trendTable')}>
            ☷
          </Toggle>
        )}
      </div>
      <div className="card-body">
        {none ? (
          <p className="muted">{t('dashboard.noTrend', { days })}</p>
        ) : table ? (
          <TrendTable trend={trend} />
        ) : (
          <Suspense fallback={<BlockSkeleton height={HEIGHT} />}>
            <Plot
              data={stacked(trend)}
              height={HEIGHT}
              look={`${scheme}/${i18n.language}`}
              options={colour => bars(colour, words, i18n.language)}
              label={t('dashboard.trend')}
            />
            <ul className="plain-list legend" aria-hidden="true">
              <li className="key-good">{words.success}</li>
              <li className="key-bad">{words.failed}</li>
              <li className="key-quiet">{words.cancelled}</li>
            </ul>
          </Suspense>
        )}
      </div>
    </section>
  )
}

function TrendTable({ trend }: { trend: readonly Day[] }) {
  const { t } = useTranslation(['runs', 'common'])
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
    <section className="trend-table" tabIndex={0} aria-label={t('dashboard.trend')}>
      <table className="num">
        <thead>
          <tr>
            <th scope="col">{t('dashboard.day')}</th>
            {(['success', 'failed', 'timed_out', 'cancelled'] as const).map(status => (
              <th key={status} scope="col">
                {t(`common:status.${status}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {trend.toReversed().map(day => (
            <tr key={day.day}>
              <th scope="row">{day.day}</th>
              <td>{day.success}</td>
              <td>{day.failed}</td>
              <td>{day.timed_out}</td>
              <td>{day.cancelled}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
