import { useQuery } from '@tanstack/react-query'
import Button from 'antd/es/button'
import { useState } from 'react'
import { Trans, useTranslation } from 'react-i18next'
import { kubeKeys, tokenStatus, validateToken } from '../../api/kube'
import { Loaded } from '../../components/Loaded'
import { useCommand } from '../../components/useCommand'
import type { ClusterView, TokenStatus } from '../../lib/kubeApi'
import { BlockSkeleton } from '../../ui/Skeletons'
import { StatusIcon } from '../../ui/StatusIcon'
import { Time } from '../../ui/Time'
import { RotateDialog } from './RotateDialog'

/** What a cluster is signed in to with: whether it is taken, when it ends, and the way to the next. */
export function CredentialCard({ cluster }: { cluster: ClusterView }) {
  const { t } = useTranslation('kube')
  const [rotating, setRotating] = useState(false)
  const query = useQuery(tokenStatus(cluster.id))
  const ask = useCommand(() => validateToken(cluster.id), { changes: [kubeKeys.clusters] })
  return (
    <section className="card" aria-label={t('token.title')}>
      <div className="card-head">
        <h2>{t('token.title')}</h2>
      </div>
      <div className="card-body stack tight">
        <Loaded query={query} skeleton={<BlockSkeleton height={52} />}>
          {status => <Standing status={status} />}
        </Loaded>
        <div className="row wrap">
          <Button size="small" loading={ask.isPending} onClick={() => ask.mutate(undefined)}>
            {t('token.check')}
          </Button>
          {cluster.auth !== 'in_cluster' && (
            <Button size="small" onClick={() => setRotating(true)}>
              {t('token.rotate')}
            </Button>
          )}
        </div>
      </div>
      <RotateDialog cluster={cluster} open={rotating} onClose={() => setRotating(false)} />
    </section>
  )
}

/** Within this time before its end a credential is to be renewed, in seconds. */
const SOON = 14 * 86_400
/** What outlives us all, in seconds. */
const LONG = 20 * 365 * 86_400

function Standing({ status }: { status: TokenStatus }) {
  const { t } = useTranslation('kube')
  const { accepted, expires_in_s: left, facts, checked_at: checked } = status
  const tone = accepted === null ? 'quiet' : accepted ? 'good' : 'bad'
  const word = accepted === null ? 'unknown' : accepted ? 'accepted' : 'refused'
  return (
    <>
      <p className="row wrap">
        <span className={`tag tone-${tone}`}>
          <StatusIcon status={accepted === null ? 'pending' : accepted ? 'success' : 'failed'} />
          {t(`token.${word}`)}
        </span>
        {checked && (
          <span className="muted small">
            <Trans t={t} i18nKey="token.checked" components={[<Time key="at" at={checked} />]} />
          </span>
        )}
      </p>
      <p>
        {t(`form.${status.auth}.title`)}:{' '}
        {left !== null && left > LONG ? (
          t('token.long')
        ) : left !== null && facts.expires_at ? (
          <Trans
            t={t}
            i18nKey={left > 0 ? 'token.endsIn' : 'token.ended'}
            components={[<Time key="at" at={facts.expires_at} />]}
          />
        ) : (
          t(status.auth === 'in_cluster' ? 'token.itself' : 'token.noEnd')
        )}{' '}
        {left !== null && left < SOON && <strong className="expired">{t('token.soon')}</strong>}
      </p>
    </>
  )
}
