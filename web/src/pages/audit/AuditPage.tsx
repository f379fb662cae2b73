import AuditOutlined from '@ant-design/icons/es/icons/AuditOutlined'
import SearchOutlined from '@ant-design/icons/es/icons/SearchOutlined'
import { useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import Button from 'antd/es/button'
import Input from 'antd/es/input'
import Select from 'antd/es/select'
import { useTranslation } from 'react-i18next'
import { audit, verifyAudit } from '../../api/audit'
import type { AuditRow } from '../../api/types'
import { Failure } from '../../components/Failure'
import { LoadMore } from '../../components/LoadMore'
import { useCommand } from '../../components/useCommand'
import { detailsOf, toldOf } from '../../lib/audit'
import { paths } from '../../lib/paths'
import type { AuditSearch } from '../../lib/places'
import { EmptyState } from '../../ui/EmptyState'
import { PageHeader } from '../../ui/PageHeader'
import { Records } from '../../ui/Records'
import { RowsSkeleton } from '../../ui/Skeletons'
import { StatusIcon } from '../../ui/StatusIcon'
import { Time } from '../../ui/Time'
import { Typed } from '../../ui/Typed'

const route = getRouteApi('/app/audit')
/** Words of `action.` in the texts of the page. */
const ACTIONS = [
  'cluster.create',
  'cluster.update',
  'cluster.delete',
  'object.create',
  'object.update',
  'object.delete',
  'object.scale',
  'object.restart',
  'object.rollback',
  'object.suspend',
  'pod.exec',
  'secret.reveal',
] as const

/** Who did what to clusters and what is in them. */
export default function AuditPage() {
  const { t } = useTranslation('audit')
  const search = route.useSearch()
  const query = useInfiniteQuery(audit(search))
  const verify = useCommand(verifyAudit)
  const rows = query.data?.pages.flatMap(page => page.items)
  const found = verify.data
  const filtered = search.action !== undefined || search.object !== undefined
  return (
    <>
      <PageHeader
        title={t('title')}
        actions={
          <Button loading={verify.isPending} onClick={() => verify.mutate(undefined)}>
            {t('verify')}
          </Button>
        }
      >
        <p className="muted small">{t('intro')}</p>
        <div role="status">
          {found && (
            <span
              className={`tag tone-${found.broken === null ? 'good' : 'bad'}`}
              style={{ marginTop: 8, whiteSpace: 'normal' }}
            >
              <StatusIcon status={found.broken === null ? 'success' : 'failed'} />
              {found.broken === null ? t('intact', { count: found.rows }) : t('broken', { why: found.broken })}
            </span>
          )}
        </div>
      </PageHeader>
      <Filters search={search} />
      {rows === undefined ? (
        query.isError ? (
          <Failure error={query.error} onRetry={() => void query.refetch()} />
        ) : (
          <RowsSkeleton rows={6} height={56} />
        )
      ) : rows.length === 0 ? (
        <EmptyState icon={<AuditOutlined />} title={t(filtered ? 'noMatch' : 'none')}>
          {filtered ? null : t('noneHelp')}
        </EmptyState>
      ) : (
        <Records>
          {rows.map(row => (
            <Entry key={row.seq} row={row} />
          ))}
        </Records>
      )}
      <LoadMore query={query} />
    </>
  )
}

function Filters({ search }: { search: AuditSearch }) {
  const { t } = useTranslation('audit')
  const navigate = useNavigate()
  const set = (change: AuditSearch) =>
    void navigate({ ...paths.audit({ ...search, ...change }), replace: true, resetScroll: false })
  const options = ACTIONS.map(value => ({ value, label: t(`action.${wordOf(value)}`) }))
  return (
    <search className="filters audit-filters" aria-label={t('filter')}>
      <Select
        allowClear
        aria-label={t('what')}
        placeholder={t('what')}
        value={search.action ?? null}
        options={options}
        onChange={(action: string | null | undefined) => set({ action: action ?? undefined })}
      />
      <Typed value={search.object ?? ''} onChange={text => set({ object: text || undefined })}>
        {props => (
          <Input
            {...props}
            data-search
            allowClear
            prefix={<SearchOutlined />}
            placeholder={t('object')}
            aria-label={t('object')}
          />
        )}
      </Typed>
    </search>
  )
}

type Action = (typeof ACTIONS)[number]
type Word<Name extends string> = Name extends `${infer Thing}.${infer Act}` ? `${Thing}_${Act}` : never
/** A dot would lead further into the dictionaries. */
const wordOf = (action: Action) => action.replace('.', '_') as Word<Action>

function Entry({ row }: { row: AuditRow }) {
  const { t } = useTranslation(['audit', 'kube'])
  const { cluster, object } = toldOf(row.object)
  const details = detailsOf(row.action, row.detail)
  return (
    <li data-action={row.action}>
      <div className="facts">
        <h2 className="row wrap audit-title">
          {t(`action.${wordOf(row.action as Action)}`, { defaultValue: row.action })}
          <code>{object}</code>
        </h2>
        <p>
          {[
            ...(cluster === null ? [] : [`${t('kube:cluster')}: ${cluster}`]),
            ...details.map(
              ([name, value]) => `${t(`detail.${name}` as 'detail.namespace', { defaultValue: name })}: ${value}`,
            ),
          ].join(' · ')}
        </p>
      </div>
      <div className="audit-who">
        <span>
          <strong>{row.actor}</strong>{' '}
          <span className="muted small">{t(row.via === 'session' ? 'session' : 'token')}</span>
        </span>
        <span className="muted small" title={`${t('number', { seq: row.seq })} · ${t('hash')}: ${row.hash}`}>
          <Time at={row.at} />
        </span>
      </div>
    </li>
  )
}
