import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { pipeline, stepTypes } from '../../api/queries'
import { Failure } from '../../components/Failure'
import { paths } from '../../lib/paths'
import { PageHeader } from '../../ui/PageHeader'
import { BlockSkeleton } from '../../ui/Skeletons'
import { EditSession } from './EditSession'
import './pipelines.css'

const route = getRouteApi('/app/pipelines/$id/edit')

export default function EditPipelinePage() {
  const { t } = useTranslation('pipelines')
  const { id } = route.useParams()
  const query = useQuery(pipeline(id))
  const types = useQuery(stepTypes)
  if (query.data && types.data) return <EditSession key={id} pipeline={query.data} catalogue={types.data} />
  const failed = query.isError ? query : types.isError ? types : null
  return (
    <>
      <PageHeader title={t('edit.crumb')} crumbs={<Link {...paths.pipelines()}>{t('title')}</Link>} />
      {failed ? (
        <Failure error={failed.error} onRetry={() => void failed.refetch()} />
      ) : (
        <BlockSkeleton height="70dvh" />
      )}
    </>
  )
}
