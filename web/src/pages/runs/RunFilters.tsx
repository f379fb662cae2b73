import SearchOutlined from '@ant-design/icons/es/icons/SearchOutlined'
import Button from 'antd/es/button'
import Input from 'antd/es/input'
import Select from 'antd/es/select'
import { useTranslation } from 'react-i18next'
import { PipelinePicker } from '../../components/runs/PipelinePicker'
import { PERIODS, type RunsSearch, TRIGGERS } from '../../lib/places'
import { RUN_STATUSES } from '../../lib/status'
import { StatusTag } from '../../ui/StatusTag'
import { Typed } from '../../ui/Typed'
import './filters.css'

interface Props {
  search: RunsSearch
  set: (change: Partial<RunsSearch>) => void
}

export function RunFilters({ search, set }: Props) {
  const { t } = useTranslation(['runs', 'common'])
  const any = Object.values(search).some(value => value !== undefined)
  return (
    <search className="filters" aria-label={t('filter.label')}>
      <Typed value={search.search ?? ''} onChange={text => set({ search: text || undefined })}>
        {props => (
          <Input
            {...props}
            data-search
            className="filter-search"
            allowClear
            prefix={<SearchOutlined />}
            placeholder={t('filter.search')}
            aria-label={t('filter.search')}
          />
        )}
      </Typed>
      <PipelinePicker value={search.pipeline} onChange={pipeline => set({ pipeline })} />
      <Select
        mode="multiple"
        allowClear
        maxTagCount={1}
        showSearch={false}
        aria-label={t('filter.status')}
        placeholder={t('filter.status')}
        popupMatchSelectWidth={180}
        value={search.status ?? []}
        onChange={status => set({ status: status.length > 0 ? status : undefined })}
        options={RUN_STATUSES.map(value => ({ value, label: t(`common:status.${value}`) }))}
        optionRender={option => <StatusTag status={option.value as (typeof RUN_STATUSES)[number]} bare />}
      />
      <Select
        allowClear
        aria-label={t('filter.trigger')}
        placeholder={t('filter.trigger')}
        value={search.trigger ?? null}
        onChange={trigger => set({ trigger: trigger ?? undefined })}
        options={TRIGGERS.map(value => ({ value, label: t(`common:trigger.${value}`) }))}
      />
      <Typed value={search.branch ?? ''} onChange={text => set({ branch: text || undefined })}>
        {props => <Input {...props} allowClear placeholder={t('filter.branch')} aria-label={t('filter.branch')} />}
      </Typed>
      <Select
        allowClear
        aria-label={t('filter.period')}
        placeholder={t('filter.any')}
        value={search.period ?? null}
        onChange={period => set({ period: period ?? undefined })}
        options={PERIODS.map(value => ({ value, label: t(`filter.${value}`) }))}
      />
      {any && (
        <Button
          type="link"
          onClick={() =>
            set({
              search: undefined,
              pipeline: undefined,
              status: undefined,
              trigger: undefined,
              branch: undefined,
              period: undefined,
              by: undefined,
            })
          }
        >
          {t('filter.clear')}
        </Button>
      )}
    </search>
  )
}
