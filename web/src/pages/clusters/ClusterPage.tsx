import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import Button from 'antd/es/button'
import { useTranslation } from 'react-i18next'
import { clusterOverview, cluster as clusterQuery } from '../../api/kube'
import { ClusterState } from '../../components/kube/ClusterState'
import { ClusterTags } from '../../components/kube/ClusterTags'
import { Loaded } from '../../components/Loaded'
import type { ClusterView } from '../../lib/kubeApi'
import { paths } from '../../lib/paths'
import { PageHeader } from '../../ui/PageHeader'
import { BlockSkeleton, PageSkeleton } from '../../ui/Skeletons'
import { ClusterFacts } from './ClusterFacts'
import { CredentialCard } from './CredentialCard'
import { Overview } from './Overview'
import { useCheck } from './useCheck'
import './clusters.css'

const route = getRouteApi('/app/clusters/$id')

export default function ClusterPage() {
  const { id } = route.useParams()
  const query = useQuery({ ...clusterQuery(id), refetchInterval: 15_000 })
  return (
    <Loaded page query={query} skeleton={<PageSkeleton />}>
      {cluster => <Contents cluster={cluster} />}
    </Loaded>
  )
}

function Contents({ cluster }: { cluster: ClusterView }) {
  const { t } = useTranslation(['kube', 'common'])
  const navigate = useNavigate()
  const check = useCheck(cluster.id)
  const overview = useQuery({ ...clusterOverview(cluster.id), refetchInterval: 15_000 })
  return (
    <>
      <PageHeader
        name={cluster.name}
        crumbs={<Link {...paths.clusters()}>{t('title')}</Link>}
        title={
          <span className="row wrap">
            <span>{cluster.name}</span>
            <ClusterTags cluster={cluster} />
          </span>
        }
        actions={
          <>
            <Button loading={check.isPending} onClick={() => check.mutate(undefined)}>
              {t('act.test')}
            </Button>
            <Button onClick={() => void navigate(paths.editCluster(cluster.id))}>{t('common:action.edit')}</Button>
            <Button type="primary" onClick={() => void navigate(paths.objects(cluster.id, 'deployments'))}>
              {t('act.browse')}
            </Button>
          </>
        }
      >
        <div className="stack tight">
          {cluster.description && <p className="muted">{cluster.description}</p>}
          <ClusterState cluster={cluster} busy={check.isPending} />
          <ClusterFacts cluster={cluster} />
        </div>
      </PageHeader>
      <div className="stack">
        <Loaded query={overview} skeleton={<BlockSkeleton height={320} />}>
          {data => <Overview cluster={cluster.id} overview={data} />}
        </Loaded>
        <CredentialCard cluster={cluster} />
      </div>
    </>
  )
}
