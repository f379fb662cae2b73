import ThunderboltOutlined from '@ant-design/icons/es/icons/ThunderboltOutlined'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import Select from 'antd/es/select'
import { useTranslation } from 'react-i18next'
import { allPipelines, deliveries } from '../../api/queries'
import type { DeliveryView } from '../../api/types'
import { Failure } from '../../components/Failure'
import { LoadMore } from '../../components/LoadMore'
import { paths } from '../../lib/paths'
import { EmptyState } from '../../ui/EmptyState'
import { PageHeader } from '../../ui/PageHeader'
import { Records, Row } from '../../ui/Records'
import { RowsSkeleton } from '../../ui/Skeletons'
import { Time } from '../../ui/Time'

const TONES: Record<DeliveryView['status'], string> = {
  started: 'good',
  ignored: 'quiet',
  refused: 'bad',
  duplicate: 'quiet',
  missed: 'hold',
}

export default function TriggersPage() {
  const { t } = useTranslation(['settings', 'common'])
  const { pipeline } = useSearch({ from: '/app/triggers' })
  const navigate = useNavigate()
  const names = useQuery(allPipelines)
  const query = useInfiniteQuery({ ...deliveries({ pipeline }), refetchInterval: 10_000 })
  const items = query.data?.pages.flatMap(page => page.items)
  const filter = (
    <Select
      aria-label={t('deliveries.pipeline')}
      style={{ width: 220 }}
      showSearch={{ optionFilterProp: 'label' }}
      value={pipeline ?? ''}
      options={[
        { value: '', label: t('deliveries.all') },
        ...(names.data ?? []).map(one => ({ value: one.id, label: one.name })),
      ]}
      onChange={value => void navigate({ ...paths.triggers({ pipeline: value || undefined }), replace: true })}
    />
  )
  return (
    <>
      <PageHeader title={t('deliveries.title')} actions={filter}>
        <p className="muted small">{t('deliveries.intro')}</p>
      </PageHeader>
      {items === undefined ? (
        query.isError ? (
          <Failure error={query.error} onRetry={() => void query.refetch()} />
        ) : (
          <RowsSkeleton rows={6} height={64} />
        )
      ) : items.length === 0 ? (
        <EmptyState
          icon={<ThunderboltOutlined />}
          title={t('deliveries.none')}
          action={<Link {...paths.pipelines()}>{t('common:nav.pipelines')}</Link>}
        >
          {t('deliveries.noneHelp')}
        </EmptyState>
      ) : (
        <Records>
          {items.map(one => (
            <Delivery key={one.id} delivery={one} />
          ))}
        </Records>
      )}
      <LoadMore query={query} />
    </>
  )
}

function Delivery({ delivery }: { delivery: DeliveryView }) {
  const { t } = useTranslation(['settings', 'common'])
  const { pipeline, status, source, event, branch, commit, reason, sender, run } = delivery
  const title = (
    <>
      <span className={`tag tone-${TONES[status]}`}>{t(`deliveries.${status}`)}</span>
      {pipeline ? (
        <Link {...paths.pipeline(pipeline.id)}>{pipeline.name}</Link>
      ) : (
        <span className="muted">{t('deliveries.unknown')}</span>
      )}
    </>
  )
  const facts = [source, event !== source ? event : '', branch, commit?.slice(0, 10), sender, reason].filter(Boolean)
  return (
    <Row
      title={title}
      actions={
        <>
          {run && <Link {...paths.run(run)}>{t('deliveries.openRun')}</Link>}
          <Time at={delivery.received_at} />
        </>
      }
    >
      {facts.join(' · ')}
    </Row>
  )
}
