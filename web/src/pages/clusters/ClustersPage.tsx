import ClusterOutlined from '@ant-design/icons/es/icons/ClusterOutlined'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import Button from 'antd/es/button'
import { useTranslation } from 'react-i18next'
import { clusters } from '../../api/kube'
import { Failure } from '../../components/Failure'
import { LoadMore } from '../../components/LoadMore'
import { paths } from '../../lib/paths'
import { EmptyState } from '../../ui/EmptyState'
import { PageHeader } from '../../ui/PageHeader'
import { RowsSkeleton } from '../../ui/Skeletons'
import { Ticks } from '../../ui/Ticks'
import { ClusterCard } from './ClusterCard'
import './clusters.css'

export default function ClustersPage() {
  const { t } = useTranslation('kube')
  const navigate = useNavigate()
  const query = useInfiniteQuery(clusters)
  const items = query.data?.pages.flatMap(page => page.items)
  const add = (
    <Button type="primary" onClick={() => void navigate(paths.newCluster())}>
      {t('add')}
    </Button>
  )
  const some = items !== undefined && items.length > 0
  return (
    <>
      <PageHeader title={t('title')} actions={some ? add : undefined}>
        {some && (
          <p className="muted small">
            <Ticks text={t('intro')} />
          </p>
        )}
      </PageHeader>
      {items === undefined ? (
        query.isError ? (
          <Failure error={query.error} onRetry={() => void query.refetch()} />
        ) : (
          <RowsSkeleton rows={2} height={160} />
        )
      ) : items.length === 0 ? (
        <EmptyState icon={<ClusterOutlined />} title={t('none')} action={add}>
          {t('noneHelp')}
        </EmptyState>
      ) : (
        <ul className="plain-list cluster-cards">
          {items.map(one => (
            <ClusterCard key={one.id} cluster={one} />
          ))}
        </ul>
      )}
      <LoadMore query={query} />
    </>
  )
}
