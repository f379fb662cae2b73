import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Failure } from '../../components/Failure'
import { LoadMore } from '../../components/LoadMore'
import type { KindView } from '../../lib/kubeApi'
import type { ObjectsSearch } from '../../lib/places'
import { EmptyState } from '../../ui/EmptyState'
import { RowsSkeleton } from '../../ui/Skeletons'
import { kindTitle } from './kindTitle'
import { ObjectBatch } from './ObjectBatch'
import { ObjectTable } from './ObjectTable'
import { useRows } from './useRows'

interface Props {
  cluster: string
  kind: KindView
  search: ObjectsSearch
}

/** The objects of a kind as they are now, and what can be done to several of them. */
export function ObjectList({ cluster, kind, search }: Props) {
  const { t } = useTranslation('kube')
  const { query, columns, rows, followed, state, problem, paged, truncated } = useRows(cluster, kind, search)
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set())
  if (rows === undefined)
    return query.isError ? (
      <div className="card">
        <Failure error={query.error} onRetry={() => void query.refetch()} />
      </div>
    ) : (
      <RowsSkeleton rows={6} height={44} />
    )
  const chosen = rows.filter(row => picked.has(row.uid))
  const word = kindTitle(kind, t)
  const filtered = search.search !== undefined || search.labels !== undefined
  return (
    <section className="card object-list" aria-label={word}>
      <div className="row wrap object-list-head">
        <ObjectBatch cluster={cluster} kind={kind} all={rows} chosen={chosen} onPick={setPicked} />
        <span className="grow" />
        <span className={`small ${followed ? 'live-open' : 'muted'}`} role="status">
          {problem !== null
            ? t('list.still', { why: problem })
            : followed
              ? t('list.live')
              : state === 'lost'
                ? t('list.lost')
                : ''}
        </span>
      </div>
      {rows.length === 0 ? (
        <EmptyState title={t('list.none')}>
          {t(filtered ? 'list.noMatch' : search.namespace ? 'list.noneHelp' : 'list.noneAnywhere', { kind: word })}
        </EmptyState>
      ) : (
        <ObjectTable
          cluster={cluster}
          kind={kind}
          columns={columns}
          rows={rows}
          withNamespace={kind.namespaced && search.namespace === undefined}
          picked={picked}
          onPick={setPicked}
        />
      )}
      {truncated && <p className="muted small pad-line">{t('list.truncated')}</p>}
      {paged && <LoadMore query={query} />}
    </section>
  )
}
