import { useQuery } from '@tanstack/react-query'
import Select from 'antd/es/select'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { pipelineStatistics } from '../../api/queries'
import type { Day, PipelineStatistics } from '../../api/types'
import { RunsTrend } from '../../components/charts/RunsTrend'
import { Failure } from '../../components/Failure'
import { useTheme } from '../../components/theme'
import { percent } from '../../lib/size'
import { duration } from '../../lib/time'
import { BlockSkeleton } from '../../ui/Skeletons'
import { Toggle } from '../../ui/Toggle'
import { durationLines } from './durationLines'
import { StepTable } from './StepTable'

const Plot = lazy(() => import('../../ui/Plot').then(({ Plot }) => ({ default: Plot })))
const DAYS = [7, 30, 90]

/** How the pipeline has done. */
export function Statistics({ id, days, onDays }: { id: string; days: number; onDays: (days: number) => void }) {
  const { t } = useTranslation('pipelines')
  const query = useQuery({ ...pipelineStatistics(id, days), refetchInterval: 60_000 })
  return (
    <>
      <div className="row between section-head">
        <h2>{t('statistics.title')}</h2>
        <Select
          size="small"
          aria-label={t('statistics.period')}
          value={days}
          onChange={onDays}
          popupMatchSelectWidth={false}
          options={[...new Set([...DAYS, days])]
            .sort((a, b) => a - b)
            .map(value => ({ value, label: t('statistics.days', { count: value }) }))}
        />
      </div>
      {query.data ? (
        <>
          <Numbers statistics={query.data} />
          <RunsTrend trend={query.data.trend} days={query.data.days} />
          <Durations trend={query.data.trend} />
          <StepTable steps={query.data.steps} />
        </>
      ) : query.isError ? (
        <Failure error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <BlockSkeleton height={420} />
      )}
    </>
  )
}

function Numbers({ statistics }: { statistics: PipelineStatistics }) {
  const { t, i18n } = useTranslation('pipelines')
  const { total } = statistics
  const ms = (value: number | null) => (value === null ? '–' : duration(value, i18n.language))
  const numbers = [
    { key: 'runs', value: String(total.success + total.failed + total.cancelled + total.timed_out) },
    {
      key: 'failureRate',
      value: statistics.failure_rate === null ? '–' : percent(statistics.failure_rate, i18n.language),
    },
    { key: 'median', value: ms(statistics.p50_ms) },
    { key: 'slow', value: ms(statistics.p95_ms) },
    { key: 'queue', value: ms(statistics.queue_p50_ms) },
  ] as const
  return (
    <dl className="card numbers">
      {numbers.map(({ key, value }) => (
        <div key={key}>
          <dt>{t(`statistics.${key}`)}</dt>
          <dd className="num">{value}</dd>
        </div>
      ))}
    </dl>
  )
}

function Durations({ trend }: { trend: Day[] }) {
  const { t, i18n } = useTranslation('pipelines')
  const { scheme } = useTheme()
  const [table, setTable] = useState(false)
  if (trend.every(day => day.p50_ms === null)) return null
  const words = { median: t('statistics.median'), slow: t('statistics.slow') }
  const days = trend.map(day => Date.parse(`${day.day}T00:00:00Z`) / 1000)
  return (
    <section className="card" aria-labelledby="durations-title">
      <div className="card-head">
        <h2 id="durations-title">{t('statistics.durations')}</h2>
        <Toggle on={table} onChange={setTable} name={table ? t('statistics.asChart') : t('statistics.asTable')}>
          ☷
        </Toggle>
      </div>
      <div className="card-body">
        {table ? (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
          <section className="trend-table" tabIndex={0} aria-label={t('statistics.durations')}>
            <table className="num">
              <thead>
                <tr>
                  <th scope="col">{t('statistics.day')}</th>
                  <th scope="col">{words.median}</th>
                  <th scope="col">{words.slow}</th>
                </tr>
              </thead>
              <tbody>
                {trend.toReversed().map(day => (
                  <tr key={day.day}>
                    <th scope="row">{day.day}</th>
                    <td>{day.p50_ms === null ? '–' : duration(day.p50_ms, i18n.language)}</td>
                    <td>{day.p95_ms === null ? '–' : duration(day.p95_ms, i18n.language)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </section>
        ) : (
          <Suspense fallback={<BlockSkeleton height={180} />}>
            <Plot
              data={[days, trend.map(day => day.p50_ms), trend.map(day => day.p95_ms)]}
              height={180}
              look={`${scheme}/${i18n.language}`}
              options={colour => durationLines(colour, words, i18n.language)}
              label={t('statistics.durations')}
            />
            <ul className="plain-list legend" aria-hidden="true">
              <li className="key-accent">{words.median}</li>
              <li className="key-hold">{words.slow}</li>
            </ul>
          </Suspense>
        )}
      </div>
    </section>
  )
}
