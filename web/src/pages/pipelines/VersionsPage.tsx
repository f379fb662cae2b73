import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import Radio from 'antd/es/radio'
import { useTranslation } from 'react-i18next'
import { restoreVersion } from '../../api/commands'
import { keys, pipeline as pipelineQuery, versions } from '../../api/queries'
import type { VersionView } from '../../api/types'
import { Failure } from '../../components/Failure'
import { LoadMore } from '../../components/LoadMore'
import { useCommand } from '../../components/useCommand'
import { whyNot } from '../../lib/may'
import { paths } from '../../lib/paths'
import { ConfirmButton } from '../../ui/ConfirmButton'
import { PageHeader } from '../../ui/PageHeader'
import { RowsSkeleton } from '../../ui/Skeletons'
import { Time } from '../../ui/Time'
import { Compare } from './Compare'
import './pipelines.css'

const route = getRouteApi('/app/pipelines/$id/versions')

export default function VersionsPage() {
  const { t } = useTranslation('pipelines')
  const { id } = route.useParams()
  const search = route.useSearch()
  const navigate = useNavigate()
  const pipeline = useQuery(pipelineQuery(id)).data
  const query = useInfiniteQuery(versions(id))
  const items = query.data?.pages.flatMap(page => page.items)
  const newest = items?.[0]?.version
  const to = search.to ?? newest
  const from = search.from ?? (to === undefined ? undefined : items?.find(one => one.version < to)?.version)
  const choose = (change: { from?: number; to?: number }) =>
    void navigate({ ...paths.versions(id, { from, to, ...change }), replace: true })
  return (
    <>
      <PageHeader
        title={t('versions.title')}
        name={`${t('versions.title')} · ${pipeline?.name ?? ''}`}
        crumbs={
          <>
            <Link {...paths.pipelines()}>{t('title')}</Link> /{' '}
            <Link {...paths.pipeline(id)}>{pipeline?.name ?? '…'}</Link>
          </>
        }
      />
      <div className="versions-grid">
        <section className="card" aria-label={t('versions.title')}>
          {items ? (
            <>
              <ul className="plain-list">
                {items.map(one => (
                  <VersionRow
                    key={one.version}
                    id={id}
                    one={one}
                    newest={one.version === newest}
                    from={from}
                    to={to}
                    choose={choose}
                    refused={pipeline ? whyNot(pipeline, 'edit') : ''}
                  />
                ))}
              </ul>
              <LoadMore query={query} />
            </>
          ) : query.isError ? (
            <Failure error={query.error} onRetry={() => void query.refetch()} />
          ) : (
            <RowsSkeleton rows={6} height={64} />
          )}
        </section>
        {to !== undefined && <Compare id={id} from={from} to={to} />}
      </div>
    </>
  )
}

interface RowProps {
  id: string
  one: VersionView
  newest: boolean
  from: number | undefined
  to: number | undefined
  choose: (change: { from?: number; to?: number }) => void
  refused: string | null
}

function VersionRow({ id, one, newest, from, to, choose, refused }: RowProps) {
  const { t } = useTranslation('pipelines')
  const navigate = useNavigate()
  const restore = useCommand(() => restoreVersion(id, one.version), {
    changes: [keys.pipelines],
    done: t('versions.restored', { version: one.version }),
    // What it has become is compared with what was before.
    onSuccess: () => navigate({ ...paths.versions(id), replace: true }),
  })
  return (
    <li className="side-row version-row" data-chosen={one.version === from || one.version === to}>
      <span className="row">
        <Radio
          checked={one.version === from}
          disabled={to !== undefined && one.version >= to}
          aria-label={t('versions.asOld', { version: one.version })}
          onChange={() => choose({ from: one.version })}
        />
        <Radio
          checked={one.version === to}
          disabled={from !== undefined && one.version <= from}
          aria-label={t('versions.asNew', { version: one.version })}
          onChange={() => choose({ to: one.version })}
        />
        <b className="nowrap">{t('view.version', { version: one.version })}</b>
        {newest && <span className="tag tone-good">{t('versions.current')}</span>}
        <span className="grow" />
        {!newest && (
          <ConfirmButton
            size="small"
            type="text"
            refused={refused}
            question={t('versions.restoreQuestion', { version: one.version })}
            consequence={t('versions.restoreHelp')}
            yes={t('versions.restore')}
            onConfirm={() => restore.mutateAsync(undefined)}
          >
            {t('versions.restore')}
          </ConfirmButton>
        )}
      </span>
      <span className="muted small">
        {one.created_by} · <Time at={one.created_at} />
      </span>
      {one.note && <span className="small">{one.note}</span>}
    </li>
  )
}
