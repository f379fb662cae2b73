import ApartmentOutlined from '@ant-design/icons/es/icons/ApartmentOutlined'
import PlusOutlined from '@ant-design/icons/es/icons/PlusOutlined'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import Button from 'antd/es/button'
import { useTranslation } from 'react-i18next'
import { overview, pipelines } from '../../api/queries'
import { RunsTrend } from '../../components/charts/RunsTrend'
import { Loaded } from '../../components/Loaded'
import { paths } from '../../lib/paths'
import { EmptyState } from '../../ui/EmptyState'
import { PageHeader } from '../../ui/PageHeader'
import { BlockSkeleton } from '../../ui/Skeletons'
import { Counters } from './Counters'
import { Failing, Slowest } from './Rankings'
import { NowRuns, RecentRuns } from './RecentRuns'
import './dashboard.css'

const DAYS = 30

export default function DashboardPage() {
  const { t } = useTranslation(['common', 'runs'])
  const navigate = useNavigate()
  const all = useInfiniteQuery(pipelines())
  const query = useQuery({
    ...overview(DAYS),
    refetchInterval: ({ state: { data } }) => (data && data.running + data.queued + data.waiting > 0 ? 10_000 : 60_000),
  })
  const create = (
    <Button type="primary" icon={<PlusOutlined />} onClick={() => void navigate(paths.newPipeline())}>
      {t('runs:dashboard.create')}
    </Button>
  )
  if (all.data?.pages[0]?.items.length === 0)
    return (
      <>
        <PageHeader title={t('nav.dashboard')} />
        <div className="card">
          <EmptyState icon={<ApartmentOutlined />} title={t('runs:dashboard.welcome')} action={create}>
            {t('runs:dashboard.welcomeHelp')}
          </EmptyState>
        </div>
      </>
    )
  return (
    <>
      <PageHeader title={t('nav.dashboard')} actions={create} />
      <div className="stack">
        <Loaded query={query} skeleton={<BlockSkeleton height={92} />}>
          {data => <Counters overview={data} />}
        </Loaded>
        <div className="dashboard">
          <div className="stack">
            <NowRuns />
            <RecentRuns />
          </div>
          <div className="stack">
            <Loaded query={query} skeleton={<BlockSkeleton height={280} />}>
              {data => (
                <>
                  <RunsTrend trend={data.trend} days={data.days} />
                  <Failing overview={data} />
                  <Slowest overview={data} />
                </>
              )}
            </Loaded>
          </div>
        </div>
      </div>
    </>
  )
}
