import AuditOutlined from '@ant-design/icons/es/icons/AuditOutlined'
import { useInfiniteQuery } from '@tanstack/react-query'
import Button from 'antd/es/button'
import { useTranslation } from 'react-i18next'
import { audit, verifyAudit } from '../../api/audit'
import type { AuditRow } from '../../api/types'
import { Failure } from '../../components/Failure'
import { LoadMore } from '../../components/LoadMore'
import { useCommand } from '../../components/useCommand'
import { detailsOf, toldOf } from '../../lib/audit'
import { EmptyState } from '../../ui/EmptyState'
import { PageHeader } from '../../ui/PageHeader'
import { Records } from '../../ui/Records'
import { RowsSkeleton } from '../../ui/Skeletons'
import { StatusIcon } from '../../ui/StatusIcon'
import { Time } from '../../ui/Time'

/** Who did what to clusters and what is in them. */
export default function AuditPage() {
  const { t } = useTranslation('audit')
  const query = useInfiniteQuery(audit)
  const verify = useCommand(verifyAudit)
  const rows = query.data?.pages.flatMap(page => page.items)
  const found = verify.data
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
            <span className={`tag tone-${found.broken === null ? 'good' : 'bad'}`} style={{ marginTop: 8 }}>
              <StatusIcon status={found.broken === null ? 'success' : 'failed'} />
              {found.broken === null ? t('intact', { count: found.rows }) : t('broken', { why: found.broken })}
            </span>
          )}
        </div>
      </PageHeader>
      {rows === undefined ? (
        query.isError ? (
          <Failure error={query.error} onRetry={() => void query.refetch()} />
        ) : (
          <RowsSkeleton rows={6} height={56} />
        )
      ) : rows.length === 0 ? (
        <EmptyState icon={<AuditOutlined />} title={t('none')}>
          {t('noneHelp')}
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

function Entry({ row }: { row: AuditRow }) {
  const { t } = useTranslation(['audit', 'kube'])
  const { cluster, object } = toldOf(row.object)
  const details = detailsOf(row.action, row.detail)
  const action = row.action.replace('.', '_')
  return (
    <li data-action={row.action}>
      <div className="facts">
        <h2 className="row wrap audit-title">
          {t(`action.${action}` as 'action.cluster_create', { defaultValue: row.action })}
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
