import Checkbox from 'antd/es/checkbox'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { named } from '../../lib/kube'
import type { Happening } from '../../lib/monitor'
import { clockTime } from '../../lib/time'

/** What happened, the latest first. */
export function Timeline({ events }: { events: readonly Happening[] }) {
  const { t } = useTranslation('kube')
  const [warnings, setWarnings] = useState(false)
  const shown = events.filter(one => !warnings || one.kind === 'Warning').toReversed()
  return (
    <section aria-label={t('rollout.timeline')}>
      <div className="row wrap">
        <h3 className="grow">{t('rollout.timeline')}</h3>
        {events.length > 0 && (
          <Checkbox checked={warnings} onChange={event => setWarnings(event.target.checked)}>
            {t('rollout.warningsOnly')}
          </Checkbox>
        )}
      </div>
      {shown.length === 0 ? (
        <p className="muted small">{t('rollout.noEvents')}</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable without a mouse
        <ol className="plain-list timeline" tabIndex={0} aria-label={t('rollout.timeline')}>
          {shown.map(one => (
            <Event key={`${named(one.object)} ${one.reason} ${one.text}`} event={one} />
          ))}
        </ol>
      )}
    </section>
  )
}

function Event({ event }: { event: Happening }) {
  const { i18n } = useTranslation()
  return (
    <li className={event.kind === 'Warning' ? 'warning' : ''}>
      <time className="num muted small" dateTime={event.at}>
        {clockTime(Date.parse(event.at), i18n.language)}
      </time>
      <strong>{event.reason}</strong>
      {event.times > 1 && <span className="num muted small">× {event.times}</span>}
      <code className="muted small">{named(event.object)}</code>
      <span className="timeline-text">{event.text}</span>
    </li>
  )
}
