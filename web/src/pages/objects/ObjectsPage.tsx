import SearchOutlined from '@ant-design/icons/es/icons/SearchOutlined'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import Button from 'antd/es/button'
import Input from 'antd/es/input'
import { useTranslation } from 'react-i18next'
import { cluster as clusterQuery, kinds } from '../../api/kube'
import { ClusterState } from '../../components/kube/ClusterState'
import { ClusterTags } from '../../components/kube/ClusterTags'
import { NamespacePicker } from '../../components/kube/NamespacePicker'
import { Loaded } from '../../components/Loaded'
import { kindOf } from '../../lib/kube'
import type { ClusterView, KindView } from '../../lib/kubeApi'
import { paths } from '../../lib/paths'
import type { ObjectsSearch } from '../../lib/places'
import { EmptyState } from '../../ui/EmptyState'
import { PageHeader } from '../../ui/PageHeader'
import { PageSkeleton } from '../../ui/Skeletons'
import { Typed } from '../../ui/Typed'
import { KindNav } from './KindNav'
import { kindTitle } from './kindTitle'
import { ObjectList } from './ObjectList'
import './objects.css'

const route = getRouteApi('/app/clusters/$id/objects/$kind')

export default function ObjectsPage() {
  const { id } = route.useParams()
  const query = useQuery(clusterQuery(id))
  return (
    <Loaded page query={query} skeleton={<PageSkeleton />}>
      {cluster => <Contents key={cluster.id} cluster={cluster} />}
    </Loaded>
  )
}

function Contents({ cluster }: { cluster: ClusterView }) {
  const { t } = useTranslation('kube')
  const { kind: slug } = route.useParams()
  const search = route.useSearch()
  const navigate = useNavigate()
  const found = useQuery(kinds(cluster.id))
  const kind = kindOf(slug, found.data)
  const title = kind ? kindTitle(kind, t) : slug
  return (
    <>
      <PageHeader
        name={`${title} · ${cluster.name}`}
        crumbs={
          <>
            <Link {...paths.clusters()}>{t('title')}</Link> / <Link {...paths.cluster(cluster.id)}>{cluster.name}</Link>
          </>
        }
        title={
          <span className="row wrap">
            <span>{title}</span>
            <ClusterTags cluster={cluster} />
          </span>
        }
        actions={
          <Button
            type="primary"
            onClick={() =>
              void navigate(paths.createObjects(cluster.id, { namespace: search.namespace, kind: kind && slug }))
            }
          >
            {t('create.action')}
          </Button>
        }
      >
        {cluster.state !== 'connected' && cluster.state !== 'unknown' && <ClusterState cluster={cluster} />}
      </PageHeader>
      <div className="objects-page">
        <KindNav cluster={cluster.id} slug={slug} kinds={found.data} namespace={search.namespace} />
        <div className="stack tight">
          {kind ? (
            <>
              <Filters cluster={cluster.id} kind={kind} search={search} />
              <ObjectList
                key={[slug, search.namespace, search.labels].join()}
                cluster={cluster.id}
                kind={kind}
                search={search}
              />
            </>
          ) : found.isPending ? (
            <PageSkeleton />
          ) : (
            <div className="card">
              <EmptyState title={t('list.unknownKind', { kind: slug })} />
            </div>
          )}
        </div>
      </div>
    </>
  )
}

function Filters({ cluster, kind, search }: { cluster: string; kind: KindView; search: ObjectsSearch }) {
  const { t } = useTranslation('kube')
  const { kind: slug } = route.useParams()
  const navigate = useNavigate()
  const set = (change: Partial<ObjectsSearch>) =>
    void navigate({ ...paths.objects(cluster, slug, { ...search, ...change }), replace: true, resetScroll: false })
  return (
    <search className="filters objects-filters" aria-label={t('list.search')}>
      {kind.namespaced && (
        <NamespacePicker cluster={cluster} value={search.namespace} onChange={namespace => set({ namespace })} />
      )}
      <Typed value={search.search ?? ''} onChange={text => set({ search: text || undefined })}>
        {props => (
          <Input
            {...props}
            data-search
            allowClear
            prefix={<SearchOutlined />}
            placeholder={t('list.search')}
            aria-label={t('list.search')}
          />
        )}
      </Typed>
      <Typed value={search.labels ?? ''} onChange={text => set({ labels: text || undefined })}>
        {props => (
          <Input
            {...props}
            allowClear
            spellCheck={false}
            placeholder={t('list.labels')}
            aria-label={t('list.labels')}
          />
        )}
      </Typed>
    </search>
  )
}
