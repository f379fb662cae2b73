import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import Tabs from 'antd/es/tabs'
import { useTranslation } from 'react-i18next'
import { ApiProblem } from '../../api/client'
import { cluster as clusterQuery, kinds, type ObjectPlace, object as objectQuery } from '../../api/kube'
import { ClusterTags } from '../../components/kube/ClusterTags'
import { StateTag } from '../../components/kube/StateTag'
import { Loaded } from '../../components/Loaded'
import { kindOf, LOGGED, slugOf } from '../../lib/kube'
import type { ClusterView, ObjectView } from '../../lib/kubeApi'
import { paths } from '../../lib/paths'
import type { ObjectTab } from '../../lib/places'
import { EmptyState } from '../../ui/EmptyState'
import { PageHeader } from '../../ui/PageHeader'
import { PageSkeleton } from '../../ui/Skeletons'
import { Time } from '../../ui/Time'
import { EventsTab } from './EventsTab'
import { HistoryTab } from './HistoryTab'
import { kindTitle } from './kindTitle'
import { LogsTab } from './LogsTab'
import { ObjectActions } from './ObjectActions'
import { SummaryTab } from './SummaryTab'
import { TerminalTab } from './TerminalTab'
import { YamlTab } from './YamlTab'
import './objects.css'

const route = getRouteApi('/app/clusters/$id/objects/$kind/$ns/$name')
/** What has revisions. */
const ROLLED = new Set(['deployments', 'statefulsets', 'daemonsets'])

export default function ObjectPage() {
  const { t } = useTranslation('kube')
  const { id, kind: slug, ns, name } = route.useParams()
  const cluster = useQuery(clusterQuery(id))
  const found = useQuery({ ...kinds(id), enabled: kindOf(slug) === undefined })
  const kind = kindOf(slug, found.data)
  if (kind === undefined && !found.isPending) return <EmptyState title={t('list.unknownKind', { kind: slug })} />
  return (
    <Loaded page query={cluster} skeleton={<PageSkeleton />}>
      {one =>
        kind === undefined ? (
          <PageSkeleton />
        ) : (
          <Contents
            key={`${id} ${slug} ${ns} ${name}`}
            cluster={one}
            place={{ cluster: one.id, kind, namespace: ns === '-' ? null : ns, name }}
          />
        )
      }
    </Loaded>
  )
}

function Contents({ cluster, place }: { cluster: ClusterView; place: ObjectPlace }) {
  const { t } = useTranslation('kube')
  const query = useQuery(objectQuery(place))
  const slug = slugOf(place.kind)
  const gone = query.error instanceof ApiProblem && query.error.status === 404
  return (
    <div className="object-page">
      <PageHeader
        name={`${place.name} · ${cluster.name}`}
        crumbs={
          <>
            <Link {...paths.clusters()}>{t('title')}</Link> / <Link {...paths.cluster(cluster.id)}>{cluster.name}</Link>{' '}
            /{' '}
            <Link {...paths.objects(cluster.id, slug, { namespace: place.namespace ?? undefined })}>
              {kindTitle(place.kind, t)}
              {place.namespace ? ` · ${place.namespace}` : ''}
            </Link>
          </>
        }
        title={
          <span className="row wrap">
            <span className="mono object-name">{place.name}</span>
            {query.data && !gone && <StateTag state={query.data.state} />}
            {gone && <span className="tag tone-quiet">{t('object.gone')}</span>}
            <ClusterTags cluster={cluster} />
          </span>
        }
        actions={query.data && !gone && <ObjectActions place={place} object={query.data} />}
      >
        {query.data && (
          <p className="muted small">
            {query.data.kind.kind} · {t('object.created')} <Time at={query.data.created_at} />
            {query.data.message && <span className="object-said"> · {query.data.message}</span>}
          </p>
        )}
      </PageHeader>
      <Loaded query={query} skeleton={<PageSkeleton />}>
        {object => <ObjectTabs place={place} object={object} />}
      </Loaded>
    </div>
  )
}

function ObjectTabs({ place, object }: { place: ObjectPlace; object: ObjectView }) {
  const { t } = useTranslation('kube')
  const { tab } = route.useSearch()
  const navigate = useNavigate()
  const slug = slugOf(place.kind)
  const items = [
    { key: 'summary', label: t('object.summary'), children: <SummaryTab place={place} object={object} /> },
    { key: 'yaml', label: t('object.yaml'), children: <YamlTab place={place} object={object} /> },
    { key: 'events', label: t('object.events'), children: <EventsTab place={place} object={object} /> },
    ...(LOGGED.has(slug)
      ? [{ key: 'logs', label: t('object.logs'), children: <LogsTab place={place} object={object} /> }]
      : []),
    ...(slug === 'pods'
      ? [{ key: 'terminal', label: t('object.terminal'), children: <TerminalTab place={place} object={object} /> }]
      : []),
    ...(ROLLED.has(slug)
      ? [{ key: 'history', label: t('object.history'), children: <HistoryTab place={place} object={object} /> }]
      : []),
  ]
  const go = (key: string) =>
    void navigate({
      ...paths.object(place.cluster, slug, place.namespace ?? null, place.name, {
        tab: key === 'summary' ? undefined : (key as ObjectTab),
      }),
      replace: true,
      resetScroll: false,
    })
  return (
    <section className="card">
      <Tabs
        className="step-tabs"
        aria-label={t('object.tabs')}
        activeKey={tab !== undefined && items.some(one => one.key === tab) ? tab : 'summary'}
        onChange={go}
        items={items}
        destroyOnHidden
        tabBarGutter={20}
      />
    </section>
  )
}
