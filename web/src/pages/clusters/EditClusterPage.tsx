import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { cluster as clusterQuery } from '../../api/kube'
import { Loaded } from '../../components/Loaded'
import { paths } from '../../lib/paths'
import { PageHeader } from '../../ui/PageHeader'
import { PageSkeleton } from '../../ui/Skeletons'
import { ClusterForm } from './ClusterForm'
import './clusters.css'

const route = getRouteApi('/app/clusters/$id/edit')

export default function EditClusterPage() {
  const { t } = useTranslation('kube')
  const { id } = route.useParams()
  const query = useQuery(clusterQuery(id))
  return (
    <Loaded page query={query} skeleton={<PageSkeleton />}>
      {cluster => (
        <>
          <PageHeader
            title={t('editNamed', { name: cluster.name })}
            crumbs={
              <>
                <Link {...paths.clusters()}>{t('title')}</Link> / <Link {...paths.cluster(id)}>{cluster.name}</Link>
              </>
            }
          />
          <ClusterForm key={id} known={cluster} />
        </>
      )}
    </Loaded>
  )
}
