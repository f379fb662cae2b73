import { useTranslation } from 'react-i18next'
import type { StepStatistics } from '../../api/types'
import { percent } from '../../lib/size'
import { duration } from '../../lib/time'

/** How often and how long, step by step. */
export function StepTable({ steps }: { steps: readonly StepStatistics[] }) {
  const { t, i18n } = useTranslation('pipelines')
  if (steps.length === 0) return null
  const ms = (value: number | null) => (value === null ? '–' : duration(value, i18n.language))
  const slowest = Math.max(1, ...steps.map(step => step.p50_ms ?? 0))
  return (
    <div className="card">
      <div className="card-head">
        <h2 id="steps-title">{t('statistics.steps')}</h2>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
      <section className="table-scroll" tabIndex={0} aria-labelledby="steps-title">
        <table className="step-table num">
          <thead>
            <tr>
              <th scope="col">{t('statistics.step')}</th>
              <th scope="col">{t('statistics.runs')}</th>
              <th scope="col">{t('statistics.failureRate')}</th>
              <th scope="col">{t('statistics.retries')}</th>
              <th scope="col">{t('statistics.median')}</th>
              <th scope="col">{t('statistics.slow')}</th>
            </tr>
          </thead>
          <tbody>
            {steps.map(step => (
              <tr key={step.name}>
                <th scope="row">
                  {step.name} <code className="muted">{step.type}</code>
                </th>
                <td>{step.total.success + step.total.failed + step.total.cancelled + step.total.timed_out}</td>
                <td className={step.failure_rate ? 'bad' : 'muted'}>
                  {step.failure_rate === null ? '–' : percent(step.failure_rate, i18n.language)}
                </td>
                <td>{step.retries}</td>
                <td>
                  <span
                    className="bar"
                    aria-hidden="true"
                    style={{ width: `${((step.p50_ms ?? 0) / slowest) * 56}px` }}
                  />
                  {ms(step.p50_ms)}
                </td>
                <td>{ms(step.p95_ms)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </div>
  )
}
