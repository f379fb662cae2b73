import { useTranslation } from 'react-i18next'
import { plainText } from '../../lib/ansi'
import type { Tail } from '../../lib/monitor'

/** The last words of containers. */
export function Tails({ logs }: { logs: readonly Tail[] }) {
  const { t } = useTranslation('kube')
  if (logs.length === 0) return null
  return (
    <section aria-label={t('rollout.logs')} className="stack tight">
      <h3>{t('rollout.logs')}</h3>
      {logs.map(one => (
        <div key={`${one.pod} ${one.container} ${one.previous}`} className="tail">
          <div className="row wrap small">
            <code>{one.pod}</code>
            <code className="muted">{one.container}</code>
            {one.previous && <span className="muted">{t('rollout.previous')}</span>}
          </div>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable without a mouse */}
          <pre tabIndex={0}>{one.lines.map(plainText).join('\n')}</pre>
        </div>
      ))}
    </section>
  )
}
