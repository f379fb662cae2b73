import Button from 'antd/es/button'
import { lazy, Suspense, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { named } from '../../lib/kube'
import type { MadeObject } from '../../lib/kubeApi'
import { beside } from '../../lib/written'
import { BlockSkeleton } from '../../ui/Skeletons'
import { useNarrow } from '../../ui/useNarrow'

const Diff = lazy(() => import('../../ui/Diff').then(({ Diff }) => ({ default: Diff })))

interface Props {
  items: readonly MadeObject[]
  /** The text of which they would be made. */
  written: string
  busy: boolean
  onBack: () => void
  onCreate: () => void
}

/** What the cluster would make of new objects: each as it would stand there, and what the cluster warns of. */
export function MadeObjects({ items, written, busy, onBack, onCreate }: Props) {
  const { t } = useTranslation('kube')
  return (
    <div className="tab-body stack tight">
      <div className="tab-bar">
        <Button type="primary" loading={busy} onClick={onCreate}>
          {t('create.submit', { count: items.length })}
        </Button>
        <Button onClick={onBack}>{t('edit.back')}</Button>
      </div>
      <h2 className="small">{t('create.would', { count: items.length })}</h2>
      {items.map((one, index) => (
        <Made key={`${one.kind} ${one.namespace} ${one.name}`} object={one} written={written} begin={index === 0} />
      ))}
    </div>
  )
}

function Made({ object, written, begin }: { object: MadeObject; written: string; begin: boolean }) {
  const { t } = useTranslation(['kube', 'pipelines'])
  const narrow = useNarrow()
  const [open, setOpen] = useState(begin)
  const texts = useMemo(() => beside(written, object), [written, object])
  return (
    <details className="made-object" open={open} onToggle={event => setOpen(event.currentTarget.open)}>
      <summary>
        <code>{named(object)}</code>
        {object.namespace && <span className="muted small"> {object.namespace}</span>}
      </summary>
      {object.warnings.length > 0 && (
        <div className="yaml-refusal tone-hold">
          <strong>{t('edit.warnings')}</strong>
          <ul>
            {object.warnings.map(one => (
              <li key={one}>{one}</li>
            ))}
          </ul>
        </div>
      )}
      {open && (
        <Suspense fallback={<BlockSkeleton height={240} />}>
          <Diff
            {...texts}
            unified={narrow || texts.before === ''}
            label={`${t('create.after')}: ${named(object)}`}
            names={[t('create.before'), t('create.after')]}
            phrases={t('pipelines:versions.phrases', { returnObjects: true })}
          />
        </Suspense>
      )}
    </details>
  )
}
