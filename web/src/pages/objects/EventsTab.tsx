import { useTranslation } from 'react-i18next'
import type { ObjectPlace } from '../../api/kube'
import { ObjectLink } from '../../components/kube/ObjectLink'
import { named } from '../../lib/kube'
import type { ObjectView } from '../../lib/kubeApi'
import { EmptyState } from '../../ui/EmptyState'
import { Time } from '../../ui/Time'

export function EventsTab({ place, object }: { place: ObjectPlace; object: ObjectView }) {
  const { t } = useTranslation('kube')
  const { events = [] } = object
  if (events.length === 0) return <EmptyState title={t('object.noEvents')} />
  return (
    <div className="tab-body">
      <ol className="plain-list timeline whole">
        {events.map(one => (
          <li
            key={`${named(one.object)} ${one.reason} ${one.text} ${one.at}`}
            className={one.type === 'Warning' ? 'warning' : ''}
          >
            <strong>{one.reason}</strong>
            {one.times > 1 && <span className="muted num">{t('object.times', { count: one.times })}</span>}
            <ObjectLink
              cluster={place.cluster}
              kind={one.object.kind}
              namespace={one.object.namespace ?? place.namespace ?? null}
              name={one.object.name}
            />
            <span className="grow" />
            <span className="muted">
              <Time at={one.at} />
            </span>
            <span className="timeline-text">{one.text}</span>
          </li>
        ))}
      </ol>
    </div>
  )
}
