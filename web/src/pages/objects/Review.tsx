import Button from 'antd/es/button'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import type { EditResult } from '../../lib/kubeApi'
import { ActionButton } from '../../ui/ActionButton'
import { BlockSkeleton } from '../../ui/Skeletons'
import { useNarrow } from '../../ui/useNarrow'

const Diff = lazy(() => import('../../ui/Diff').then(({ Diff }) => ({ default: Diff })))

interface Props {
  result: EditResult
  busy: boolean
  onBack: () => void
  onSave: () => void
}

/** What the cluster would make of an edit: the difference, and what it warns of. */
export function Review({ result, busy, onBack, onSave }: Props) {
  const { t } = useTranslation(['kube', 'pipelines'])
  const narrow = useNarrow()
  const same = result.before === result.after
  return (
    <div className="tab-body stack tight">
      <div className="tab-bar">
        <ActionButton type="primary" refused={same ? t('edit.same') : null} loading={busy} onClick={onSave}>
          {t('edit.save')}
        </ActionButton>
        <Button onClick={onBack}>{t('edit.back')}</Button>
      </div>
      {result.warnings.length > 0 && (
        <div className="yaml-refusal tone-hold">
          <strong>{t('edit.warnings')}</strong>
          <ul>
            {result.warnings.map(one => (
              <li key={one}>{one}</li>
            ))}
          </ul>
        </div>
      )}
      {same ? (
        <p className="muted">{t('edit.same')}</p>
      ) : (
        <Suspense fallback={<BlockSkeleton height={320} />}>
          <Diff
            before={result.before}
            after={result.after}
            unified={narrow}
            label={t('edit.review')}
            names={[t('edit.before'), t('edit.after')]}
            phrases={t('pipelines:versions.phrases', { returnObjects: true })}
          />
        </Suspense>
      )}
    </div>
  )
}
