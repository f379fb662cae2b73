import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import Button from 'antd/es/button'
import { useTranslation } from 'react-i18next'
import { ApiProblem } from '../../api/client'
import { registry as registryQuery, repositories } from '../../api/queries'
import type { RegistryView } from '../../api/types'
import { Failure } from '../../components/Failure'
import { Loaded } from '../../components/Loaded'
import { paths } from '../../lib/paths'
import type { RegistrySearch } from '../../lib/places'
import { EmptyState } from '../../ui/EmptyState'
import { PageHeader } from '../../ui/PageHeader'
import { PageSkeleton } from '../../ui/Skeletons'
import { useNarrow } from '../../ui/useNarrow'
import { LastCheck } from './LastCheck'
import { SignsIn } from './RegistryRow'
import { Repositories } from './Repositories'
import { Tags } from './Tags'
import { useTests } from './useTests'
import './registries.css'

const route = getRouteApi('/app/registries/$id')

export default function RegistryPage() {
  const { id } = route.useParams()
  const query = useQuery(registryQuery(id))
  return (
    <Loaded page query={query} skeleton={<PageSkeleton />}>
      {registry => <Contents registry={registry} />}
    </Loaded>
  )
}

/** What the registry has: its repositories, and the tags of the chosen one beside them, or in their place. */
function Contents({ registry }: { registry: RegistryView }) {
  const { t } = useTranslation('registries')
  const search = route.useSearch()
  const navigate = useNavigate()
  const narrow = useNarrow()
  const { repository } = search
  const list = useQuery(repositories(registry.id))
  const set = (change: Partial<RegistrySearch>) =>
    void navigate({ ...paths.registry(registry.id, { ...search, ...change }), replace: true, resetScroll: false })
  // Of a registry that does not answer there is nothing to choose from; one that keeps its list to itself may be asked on.
  const isAway = list.isError && !(list.error instanceof ApiProblem && list.error.code === 'not_offered')
  if (isAway && repository === undefined)
    return (
      <>
        <Header registry={registry} />
        <section className="card" aria-label={t('repositories.title')}>
          <Failure error={list.error} onRetry={() => void list.refetch()} />
        </section>
      </>
    )
  return (
    <>
      <Header registry={registry} />
      <div className="registry-page">
        {(!narrow || repository === undefined) && <Repositories registry={registry} search={search} set={set} />}
        {repository !== undefined ? (
          <Tags
            key={repository}
            registry={registry}
            repository={repository}
            search={search}
            set={set}
            narrow={narrow}
          />
        ) : (
          !narrow && (
            <section className="card" aria-label={t('tags.title')}>
              <EmptyState title={t('repositories.choose')} />
            </section>
          )
        )}
      </div>
    </>
  )
}

function Header({ registry }: { registry: RegistryView }) {
  const { t } = useTranslation(['registries', 'common'])
  const navigate = useNavigate()
  const { asked, test } = useTests()
  const busy = asked.includes(registry.id)
  return (
    <PageHeader
      name={t('imagesOf', { name: registry.name })}
      crumbs={<Link {...paths.registries()}>{t('title')}</Link>}
      title={
        <span className="row wrap">
          <span>{registry.name}</span>
          {registry.is_default && <span className="tag tone-busy">{t('isDefault')}</span>}
          {registry.insecure && <span className="tag tone-hold">{t('insecureTag')}</span>}
        </span>
      }
      actions={
        <>
          <Button loading={busy} onClick={() => test(registry.id)}>
            {t('act.test')}
          </Button>
          <Button onClick={() => void navigate(paths.registries({ edit: registry.id }))}>
            {t('common:action.edit')}
          </Button>
        </>
      }
    >
      <div className="muted small registry-facts">
        <span>
          {t(`kind.${registry.kind}`)} · <code>{registry.address}</code> · <SignsIn registry={registry} />
        </span>
        <LastCheck check={registry.last_check} busy={busy} />
      </div>
    </PageHeader>
  )
}
