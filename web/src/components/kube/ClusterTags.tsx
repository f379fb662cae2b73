import { useTranslation } from 'react-i18next'
import type { ClusterView } from '../../lib/kubeApi'
import { SimulatedTag } from './StateTag'

/** What one must never overlook of a cluster. */
export function ClusterTags({ cluster }: { cluster: ClusterView }) {
  const { t } = useTranslation('kube')
  return (
    <>
      {cluster.simulated && <SimulatedTag />}
      {!cluster.verify_tls && <span className="tag tone-bad">{t('tlsOff')}</span>}
    </>
  )
}
