import { useTranslation } from 'react-i18next'
import type { ClusterView } from '../../lib/kubeApi'
import { StatusIcon } from '../../ui/StatusIcon'
import { Ticks } from '../../ui/Ticks'
import { Time } from '../../ui/Time'
import { StateTag } from './StateTag'

/** Whether it answers, since when, and what is wrong where it does not. */
export function ClusterState({ cluster: one, busy = false }: { cluster: ClusterView; busy?: boolean }) {
  const { t } = useTranslation('kube')
  const well = one.state === 'connected'
  return (
    <div className="cluster-state" role="status">
      <span className="row wrap small">
        {busy ? (
          <span className="tag tone-busy">
            <StatusIcon status="running" />
            {t('act.testing')}
          </span>
        ) : (
          <StateTag state={one.state} />
        )}
        {one.state_since && (
          <span className="muted">
            {t('since')} <Time at={one.state_since} />
          </span>
        )}
        {!well && one.good_at && (
          <span className="muted">
            {t('lastGood')} <Time at={one.good_at} />
          </span>
        )}
      </span>
      {!well && one.check_message && (
        <p className="said">
          <Ticks text={one.check_message} />
        </p>
      )}
    </div>
  )
}
