import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { ClusterView } from '../../lib/kubeApi'
import { Time } from '../../ui/Time'

/** What is known of a cluster, in a few pairs. What may not be listed is not nought. */
export function ClusterFacts({ cluster: one }: { cluster: ClusterView }) {
  const { t } = useTranslation('kube')
  const known = one.state === 'connected'
  const counted = (good: number | null, all: number | null) =>
    all === null ? (
      <span className="muted">{known ? t('notAllowed') : '–'}</span>
    ) : (
      <span className="num">{t('check.count', { good: good ?? 0, all })}</span>
    )
  return (
    <dl className="facts cluster-facts">
      <Fact name={t('version')}>{one.version ?? <span className="muted">–</span>}</Fact>
      <Fact name={t('nodes')}>{counted(one.nodes_ready, one.nodes)}</Fact>
      <Fact name={t('pods')}>{counted(one.pods_running, one.pods)}</Fact>
      <Fact name={t('server')}>
        <code className="truncate" title={one.server}>
          {one.server || '–'}
        </code>
      </Fact>
      <Fact name={t('credential')}>
        {t(`form.${one.auth}.title`, { defaultValue: one.auth })}
        {one.facts?.expires_at && <Expiry at={one.facts.expires_at} />}
      </Fact>
      {one.username && (
        <Fact name={t('signedInAs')}>
          <code>{one.username}</code>
        </Fact>
      )}
    </dl>
  )
}

const LONG = 20 * 365 * 86_400_000

function Expiry({ at }: { at: string }) {
  const { t } = useTranslation('kube')
  const left = Date.parse(at) - Date.now()
  const over = left < 0
  // What outlives us all need not be said.
  if (left > LONG) return null
  return (
    <span className={over ? 'expired' : 'muted'}>
      , {t(over ? 'expired' : 'expires')} <Time at={at} />
    </span>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}
