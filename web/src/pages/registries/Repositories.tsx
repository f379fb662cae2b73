import SearchOutlined from '@ant-design/icons/es/icons/SearchOutlined'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import Input from 'antd/es/input'
import { useTranslation } from 'react-i18next'
import { ApiProblem } from '../../api/client'
import { repositories } from '../../api/queries'
import type { RegistryView } from '../../api/types'
import { Failure } from '../../components/Failure'
import { paths } from '../../lib/paths'
import type { RegistrySearch } from '../../lib/places'
import { EmptyState } from '../../ui/EmptyState'
import { RowsSkeleton } from '../../ui/Skeletons'
import { Ticks } from '../../ui/Ticks'
import { Typed } from '../../ui/Typed'
import { ByName } from './ByName'

/** So many are drawn; who looks for one of ten thousand types a part of its name. */
const SHOWN = 200

interface Props {
  registry: RegistryView
  search: RegistrySearch
  set: (change: Partial<RegistrySearch>) => void
}

export function Repositories({ registry, search, set }: Props) {
  const { t } = useTranslation('registries')
  const query = useQuery(repositories(registry.id))
  const all = query.data?.items
  return (
    <section className="card repositories" aria-labelledby="repositories-title">
      <div className="card-head">
        <h2 id="repositories-title">{t('repositories.title')}</h2>
        {all && all.length > 0 && <span className="muted small num">{all.length}</span>}
      </div>
      {all === undefined ? (
        query.isError ? (
          <NoList registry={registry} error={query.error} onRetry={() => void query.refetch()} />
        ) : (
          <RowsSkeleton rows={6} height={36} />
        )
      ) : all.length === 0 ? (
        <EmptyState title={t('repositories.none')}>
          <Ticks text={t('repositories.noneHelp')} />
        </EmptyState>
      ) : (
        <>
          <div className="repositories-search">
            <Typed value={search.search ?? ''} onChange={text => set({ search: text || undefined })}>
              {props => (
                <Input
                  {...props}
                  data-search
                  allowClear
                  prefix={<SearchOutlined />}
                  placeholder={t('repositories.search')}
                  aria-label={t('repositories.search')}
                />
              )}
            </Typed>
          </div>
          <List registry={registry} all={all} search={search} />
          {query.data?.total === null && <p className="muted small pad">{t('repositories.cut')}</p>}
        </>
      )}
    </section>
  )
}

function List({ registry, all, search }: { registry: RegistryView; all: readonly string[]; search: RegistrySearch }) {
  const { t } = useTranslation('registries')
  const wanted = search.search?.toLowerCase() ?? ''
  const found = all.filter(name => name.toLowerCase().includes(wanted))
  if (found.length === 0)
    return (
      <>
        <p className="muted pad">{t('repositories.noMatch', { text: search.search ?? '' })}</p>
        <ByName registry={registry} />
      </>
    )
  const hidden = found.length - SHOWN
  return (
    <>
      <ul className="plain-list repository-list">
        {found.slice(0, SHOWN).map(name => (
          <li key={name}>
            <Link
              {...paths.registry(registry.id, { search: search.search, repository: name })}
              className="repository"
              aria-current={name === search.repository ? 'true' : undefined}
              resetScroll={false}
            >
              {name}
            </Link>
          </li>
        ))}
      </ul>
      {hidden > 0 && <p className="muted small pad">{t('repositories.more', { count: hidden })}</p>}
    </>
  )
}

/** A registry that keeps its list to itself is no failure: whoever knows a name can look there. */
function NoList({ registry, error, onRetry }: { registry: RegistryView; error: unknown; onRetry: () => void }) {
  const { t } = useTranslation('registries')
  if (!(error instanceof ApiProblem) || error.code !== 'not_offered') return <Failure error={error} onRetry={onRetry} />
  return (
    <div className="pad stack tight">
      <p>{t('repositories.notOffered')}</p>
      <p className="muted small">{t('repositories.notOfferedHelp')}</p>
      <ByName registry={registry} />
    </div>
  )
}
