import ImportOutlined from '@ant-design/icons/es/icons/ImportOutlined'
import PlusOutlined from '@ant-design/icons/es/icons/PlusOutlined'
import SearchOutlined from '@ant-design/icons/es/icons/SearchOutlined'
import { useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import Button from 'antd/es/button'
import Input from 'antd/es/input'
import Select from 'antd/es/select'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { pipelines } from '../../api/queries'
import { Failure } from '../../components/Failure'
import { LoadMore } from '../../components/LoadMore'
import { paths } from '../../lib/paths'
import { PIPELINE_SORTS, type PipelinesSearch } from '../../lib/places'
import { ended } from '../../lib/status'
import { EmptyState } from '../../ui/EmptyState'
import { PageHeader } from '../../ui/PageHeader'
import { RowsSkeleton } from '../../ui/Skeletons'
import { Typed } from '../../ui/Typed'
import { BatchBar } from './BatchBar'
import { ImportDialog } from './ImportDialog'
import { PipelineList } from './PipelineList'
import './pipelines.css'

const route = getRouteApi('/app/pipelines')

export default function PipelinesPage() {
  const { t } = useTranslation('pipelines')
  const search = route.useSearch()
  const navigate = useNavigate()
  const [importing, setImporting] = useState(false)
  const set = (change: Partial<PipelinesSearch>) =>
    void navigate({ ...paths.pipelines({ ...search, ...change }), replace: true })
  return (
    <>
      <PageHeader
        title={t('title')}
        actions={
          <>
            <Button icon={<ImportOutlined />} onClick={() => setImporting(true)}>
              {t('list.import')}
            </Button>
            <Button type="primary" icon={<PlusOutlined />} onClick={() => void navigate(paths.newPipeline())}>
              {t('create.title')}
            </Button>
          </>
        }
      />
      <div className="stack">
        <search className="row wrap" aria-label={t('list.filter')}>
          <Typed value={search.search ?? ''} onChange={text => set({ search: text || undefined })}>
            {props => (
              <Input
                {...props}
                data-search
                allowClear
                className="list-search"
                prefix={<SearchOutlined />}
                placeholder={t('list.search')}
                aria-label={t('list.search')}
              />
            )}
          </Typed>
          <Select
            aria-label={t('list.sort')}
            value={search.sort ?? 'name'}
            onChange={sort => set({ sort: sort === 'name' ? undefined : sort })}
            options={PIPELINE_SORTS.map(value => ({ value, label: t(`list.by.${value}`) }))}
            popupMatchSelectWidth={false}
          />
        </search>
        <Pipelines search={search} onImport={() => setImporting(true)} onClear={() => set({ search: undefined })} />
      </div>
      <ImportDialog open={importing} onClose={() => setImporting(false)} />
    </>
  )
}

interface ListProps {
  search: PipelinesSearch
  onImport: () => void
  onClear: () => void
}

function Pipelines({ search, onImport, onClear }: ListProps) {
  const { t } = useTranslation('pipelines')
  const navigate = useNavigate()
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set())
  const query = useInfiniteQuery({
    ...pipelines(search),
    // Closely while something runs, else now and then.
    refetchInterval: ({ state: { data } }) =>
      data?.pages.some(page => page.items.some(one => one.recent.some(run => !ended(run.status)))) ? 4_000 : 30_000,
  })
  const items = query.data?.pages.flatMap(page => page.items)
  if (!items) {
    return (
      <div className="card">
        {query.isError ? (
          <Failure error={query.error} onRetry={() => void query.refetch()} />
        ) : (
          <RowsSkeleton rows={8} height={64} />
        )}
      </div>
    )
  }
  if (items.length === 0) {
    return (
      <div className="card">
        {search.search ? (
          <EmptyState title={t('list.noMatch')} action={<Button onClick={onClear}>{t('list.clearSearch')}</Button>}>
            {t('list.noMatchHelp', { text: search.search })}
          </EmptyState>
        ) : (
          <EmptyState
            title={t('list.empty')}
            action={
              <div className="row">
                <Button type="primary" icon={<PlusOutlined />} onClick={() => void navigate(paths.newPipeline())}>
                  {t('create.title')}
                </Button>
                <Button onClick={onImport}>{t('list.import')}</Button>
              </div>
            }
          >
            {t('list.emptyHelp')}
          </EmptyState>
        )}
      </div>
    )
  }
  const chosen = items.filter(item => picked.has(item.id))
  return (
    <section className="card" aria-label={t('title')}>
      <BatchBar all={items} chosen={chosen} onPick={setPicked} />
      <PipelineList
        items={items}
        picked={picked}
        onPick={(id, on) => {
          const next = new Set(picked)
          if (on) next.add(id)
          else next.delete(id)
          setPicked(next)
        }}
      />
      <LoadMore query={query} />
    </section>
  )
}
