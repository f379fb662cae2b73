import FilterOutlined from '@ant-design/icons/es/icons/FilterOutlined'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import Button from 'antd/es/button'
import Input from 'antd/es/input'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { tags as tagsQuery } from '../../api/queries'
import type { RegistryView } from '../../api/types'
import { Failure } from '../../components/Failure'
import { latestFirst } from '../../lib/images'
import { paths } from '../../lib/paths'
import type { RegistrySearch } from '../../lib/places'
import { EmptyState } from '../../ui/EmptyState'
import { RowsSkeleton } from '../../ui/Skeletons'
import { Typed } from '../../ui/Typed'
import { TagRow } from './TagRow'

/** Of so many the registry is asked what they stand for. */
const AT_ONCE = 20

interface Props {
  registry: RegistryView
  repository: string
  search: RegistrySearch
  set: (change: Partial<RegistrySearch>) => void
  /** The repositories are out of sight, so a way back to them is shown. */
  narrow: boolean
}

export function Tags({ registry, repository, search, set, narrow }: Props) {
  const { t } = useTranslation('registries')
  const query = useQuery(tagsQuery(registry.id, repository))
  const all = query.data?.items
  return (
    <section className="card" aria-labelledby="tags-title">
      <div className="card-head row wrap tags-head">
        <div className="grow">
          {narrow && (
            <Link {...paths.registry(registry.id, { search: search.search })} className="small">
              ← {t('repositories.back')}
            </Link>
          )}
          <h2 id="tags-title" className="repository-name">
            {repository}
          </h2>
        </div>
        {all && all.length > 0 && <span className="muted small num">{t('tags.count', { count: all.length })}</span>}
        {all && all.length > 1 && (
          <Typed value={search.filter ?? ''} onChange={text => set({ filter: text || undefined })}>
            {props => (
              <Input
                {...props}
                allowClear
                className="tags-filter"
                prefix={<FilterOutlined />}
                placeholder={t('tags.filter')}
                aria-label={t('tags.filter')}
              />
            )}
          </Typed>
        )}
      </div>
      {all === undefined ? (
        query.isError ? (
          <Failure error={query.error} onRetry={() => void query.refetch()} />
        ) : (
          <RowsSkeleton rows={5} height={52} />
        )
      ) : all.length === 0 ? (
        <EmptyState title={t('tags.none')}>{t('tags.noneHelp')}</EmptyState>
      ) : (
        <List registry={registry} repository={repository} all={all} search={search} />
      )}
      {query.data?.total === null && <p className="muted small pad">{t('tags.cut')}</p>}
    </section>
  )
}

interface ListProps {
  registry: RegistryView
  repository: string
  all: readonly string[]
  search: RegistrySearch
}

function List({ registry, repository, all, search }: ListProps) {
  const { t } = useTranslation('registries')
  const [count, setCount] = useState(AT_ONCE)
  const { filter = '', tag: opened } = search
  const found = latestFirst(all.filter(tag => tag.includes(filter)))
  const shown = found.slice(0, count)
  // A link to a tag shows it, wherever it stands in the list, and whether it is still there or not.
  if (opened !== undefined && !shown.includes(opened)) shown.unshift(opened)
  return (
    <>
      {registry.kind === 'dockerhub' && <p className="muted small pad">{t('tags.onRequest')}</p>}
      {found.length === 0 && <p className="muted pad">{t('tags.noMatch', { text: filter })}</p>}
      <div className="tag-row tag-columns" aria-hidden="true">
        <span>{t('tags.tag')}</span>
        <span>{t('tags.digest')}</span>
        <span className="num">{t('tags.size')}</span>
        <span>{t('tags.built')}</span>
      </div>
      <ul className="plain-list tag-list">
        {shown.map(tag => (
          <TagRow
            key={tag}
            registry={registry}
            repository={repository}
            tag={tag}
            open={tag === opened}
            link={paths.registry(registry.id, { ...search, repository, tag: tag === opened ? undefined : tag })}
          />
        ))}
      </ul>
      {found.length > count && (
        <div className="pad centred">
          <Button onClick={() => setCount(count + AT_ONCE)}>{t('tags.more')}</Button>
        </div>
      )}
    </>
  )
}
