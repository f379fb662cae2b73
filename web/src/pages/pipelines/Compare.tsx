import { useQuery } from '@tanstack/react-query'
import Checkbox from 'antd/es/checkbox'
import Segmented from 'antd/es/segmented'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { versionText } from '../../api/queries'
import { Failure } from '../../components/Failure'
import { BlockSkeleton } from '../../ui/Skeletons'

const Diff = lazy(() => import('../../ui/Diff').then(({ Diff }) => ({ default: Diff })))

/** What differs between two versions; the first one there is stands alone. */
export function Compare({ id, from, to }: { id: string; from: number | undefined; to: number }) {
  const { t } = useTranslation('pipelines')
  const narrow = matchMedia('(max-width: 1000px)').matches
  const [unified, setUnified] = useState(narrow)
  const [whole, setWhole] = useState(false)
  const after = useQuery(versionText(id, to))
  const before = useQuery({ ...versionText(id, from ?? 0), enabled: from !== undefined })
  const name = (version: number) => t('view.version', { version })
  const failed = after.isError ? after : before.isError ? before : null
  if (failed) return <Failure error={failed.error} onRetry={() => void failed.refetch()} />
  const old = from === undefined ? after.data?.text : before.data?.text
  const ready = after.data !== undefined && old !== undefined
  return (
    <section aria-label={t('versions.compare')} className="stack">
      <div className="row between wrap">
        <h2>{from === undefined ? name(to) : t('versions.between', { from, to })}</h2>
        <span className="grow" />
        <Checkbox checked={whole} onChange={event => setWhole(event.target.checked)}>
          {t('versions.whole')}
        </Checkbox>
        <Segmented
          size="small"
          aria-label={t('versions.layout')}
          value={unified ? 'one' : 'two'}
          onChange={value => setUnified(value === 'one')}
          options={[
            { value: 'two', label: t('versions.beside') },
            { value: 'one', label: t('versions.unified') },
          ]}
        />
      </div>
      {ready && old === after.data.text && from !== undefined && <p className="muted">{t('versions.same')}</p>}
      {ready ? (
        <Suspense fallback={<BlockSkeleton height={420} />}>
          <Diff
            before={old.replaceAll('\r\n', '\n')}
            after={after.data.text.replaceAll('\r\n', '\n')}
            unified={unified}
            whole={whole}
            label={t('versions.compare')}
            names={[name(from ?? to), name(to)]}
            phrases={t('versions.phrases', { returnObjects: true })}
          />
        </Suspense>
      ) : (
        <BlockSkeleton height={420} />
      )}
    </section>
  )
}
