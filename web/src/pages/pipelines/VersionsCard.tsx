import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { versions } from '../../api/queries'
import type { PipelineView } from '../../api/types'
import { paths } from '../../lib/paths'
import { RowsSkeleton } from '../../ui/Skeletons'
import { Time } from '../../ui/Time'

/** The newest versions. */
export function VersionsCard({ pipeline }: { pipeline: PipelineView }) {
  const { t } = useTranslation('pipelines')
  const query = useInfiniteQuery(versions(pipeline.id))
  const items = query.data?.pages[0]?.items.slice(0, 5)
  return (
    <section className="card" aria-labelledby="versions-title">
      <div className="card-head">
        <h2 id="versions-title">{t('versions.title')}</h2>
        <Link {...paths.versions(pipeline.id)} className="small">
          {t('versions.all')}
        </Link>
      </div>
      {items ? (
        <ul className="plain-list">
          {items.map((one, index) => (
            <li key={one.version} className="side-row">
              <span className="row between">
                <Link
                  {...paths.versions(
                    pipeline.id,
                    index + 1 < items.length ? { from: one.version - 1, to: one.version } : { to: one.version },
                  )}
                >
                  {t('view.version', { version: one.version })}
                </Link>
                <span className="muted small">
                  <Time at={one.created_at} />
                </span>
              </span>
              <span className="muted small truncate">
                {one.created_by}
                {one.note && ` · ${one.note}`}
              </span>
            </li>
          ))}
        </ul>
      ) : (
        <RowsSkeleton rows={3} height={52} />
      )}
    </section>
  )
}
