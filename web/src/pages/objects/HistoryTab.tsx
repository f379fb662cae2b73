import { useQuery } from '@tanstack/react-query'
import Button from 'antd/es/button'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { kubeKeys, type ObjectPlace, objectHistory, rollbackObject } from '../../api/kube'
import { Loaded } from '../../components/Loaded'
import { useCommand } from '../../components/useCommand'
import type { ObjectRevision, ObjectView } from '../../lib/kubeApi'
import { whyNot } from '../../lib/may'
import { ConfirmButton } from '../../ui/ConfirmButton'
import { EmptyState } from '../../ui/EmptyState'
import { BlockSkeleton, RowsSkeleton } from '../../ui/Skeletons'
import { Time } from '../../ui/Time'

const Diff = lazy(() => import('../../ui/Diff').then(({ Diff }) => ({ default: Diff })))

interface Props {
  place: ObjectPlace
  object: ObjectView
}

/** Earlier revisions: what they ran, what differs from now, and the way back. */
export function HistoryTab({ place, object }: Props) {
  const { t } = useTranslation('kube')
  const query = useQuery(objectHistory(place))
  return (
    <Loaded query={query} skeleton={<RowsSkeleton rows={3} height={60} />}>
      {revisions =>
        revisions.length === 0 ? (
          <EmptyState title={t('object.noHistory')} />
        ) : (
          <ul className="plain-list records">
            {revisions.map(one => (
              <Revision
                key={one.revision}
                place={place}
                object={object}
                revision={one}
                current={revisions.find(other => other.current)}
              />
            ))}
          </ul>
        )
      }
    </Loaded>
  )
}

interface RevisionProps extends Props {
  revision: ObjectRevision
  current: ObjectRevision | undefined
}

function Revision({ place, object, revision: one, current }: RevisionProps) {
  const { t } = useTranslation(['kube', 'pipelines'])
  const [compared, setCompared] = useState(false)
  const rollback = useCommand(() => rollbackObject(place, one.revision), {
    changes: [kubeKeys.objects(place.cluster)],
    done: t('do.rolledBack'),
  })
  return (
    <li>
      <div className="facts">
        <h3 className="row wrap">
          {t('do.revision', { revision: one.revision })}
          {one.current && <span className="tag tone-busy">{t('do.current')}</span>}
        </h3>
        <p>
          <code>{one.name}</code> · {one.images.join(', ')} · <Time at={one.created_at} />
          {one.change_cause && ` · ${one.change_cause}`}
        </p>
      </div>
      {!one.current && (
        <div className="row wrap">
          {current && (
            <Button size="small" aria-expanded={compared} onClick={() => setCompared(!compared)}>
              {t('do.compare')}
            </Button>
          )}
          <ConfirmButton
            size="small"
            refused={whyNot(object, 'rollback')}
            question={t('do.rollbackQuestion', { name: object.name, revision: one.revision })}
            consequence={t('do.rollbackHelp')}
            yes={t('do.rollback')}
            onConfirm={() => rollback.mutateAsync(undefined)}
          >
            {t('do.rollback')}
          </ConfirmButton>
        </div>
      )}
      {compared && current && (
        <div style={{ flex: '1 0 100%', minWidth: 0 }}>
          <Suspense fallback={<BlockSkeleton height={240} />}>
            <Diff
              before={current.yaml}
              after={one.yaml}
              unified
              label={t('do.compare')}
              names={[t('do.current'), t('do.revision', { revision: one.revision })]}
              phrases={t('pipelines:versions.phrases', { returnObjects: true })}
            />
          </Suspense>
        </div>
      )}
    </li>
  )
}
