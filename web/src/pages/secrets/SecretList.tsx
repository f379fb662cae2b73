import KeyOutlined from '@ant-design/icons/es/icons/KeyOutlined'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import Button from 'antd/es/button'
import { useState } from 'react'
import { Trans, useTranslation } from 'react-i18next'
import { removeSecret } from '../../api/commands'
import { keys, secrets } from '../../api/queries'
import type { SecretView } from '../../api/types'
import { Failure } from '../../components/Failure'
import { LoadMore } from '../../components/LoadMore'
import { useCommand } from '../../components/useCommand'
import { paths } from '../../lib/paths'
import { ConfirmButton } from '../../ui/ConfirmButton'
import { EmptyState } from '../../ui/EmptyState'
import { Records, Row } from '../../ui/Records'
import { RowsSkeleton } from '../../ui/Skeletons'
import { Time } from '../../ui/Time'
import { SecretForm } from './SecretForm'

export function SecretList() {
  const { t } = useTranslation(['settings', 'common'])
  const query = useInfiniteQuery(secrets)
  const [editing, setEditing] = useState<SecretView | 'new' | null>(null)
  const add = (
    <Button type="primary" onClick={() => setEditing('new')}>
      {t('secrets.add')}
    </Button>
  )
  const items = query.data?.pages.flatMap(page => page.items)
  return (
    <>
      {items === undefined ? (
        query.isError ? (
          <Failure error={query.error} onRetry={() => void query.refetch()} />
        ) : (
          <RowsSkeleton rows={4} height={64} />
        )
      ) : items.length === 0 ? (
        <EmptyState icon={<KeyOutlined />} title={t('secrets.none')} action={add}>
          {t('secrets.noneHelp')}
        </EmptyState>
      ) : (
        <Records intro={t('secrets.intro')} action={add}>
          {items.map(secret => (
            <SecretRow key={secret.name} secret={secret} onEdit={() => setEditing(secret)} />
          ))}
        </Records>
      )}
      <LoadMore query={query} />
      <SecretForm editing={editing} onClose={() => setEditing(null)} />
    </>
  )
}

function SecretRow({ secret, onEdit }: { secret: SecretView; onEdit: () => void }) {
  const { t } = useTranslation(['settings', 'common'])
  const remove = useCommand(() => removeSecret(secret.name), { changes: [keys.secrets] })
  const used = secret.used_by
  const actions = (
    <>
      <Button onClick={onEdit} aria-label={`${t('secrets.replace')} ${secret.name}`}>
        {t('secrets.replace')}
      </Button>
      <ConfirmButton
        danger
        question={t('secrets.remove', { name: secret.name })}
        consequence={
          used.length > 0 ? t('secrets.removeUsed', { pipelines: used.map(one => one.name).join(', ') }) : undefined
        }
        yes={t('common:action.delete')}
        onConfirm={() => remove.mutateAsync(undefined)}
      >
        {t('common:action.delete')}
      </ConfirmButton>
    </>
  )
  return (
    <Row title={<code>{secret.name}</code>} actions={actions}>
      {secret.description && <>{secret.description} · </>}
      {used.length === 0 ? (
        t('secrets.unused')
      ) : (
        <>
          {t('secrets.usedBy')}{' '}
          {used.map((pipeline, at) => (
            <span key={pipeline.id}>
              {at > 0 && ', '}
              <Link {...paths.pipeline(pipeline.id)}>{pipeline.name}</Link>
            </span>
          ))}
        </>
      )}
      {' · '}
      <Trans
        t={t}
        i18nKey="updatedBy"
        values={{ name: secret.updated_by }}
        components={[<Time key="at" at={secret.updated_at} />]}
      />
    </Row>
  )
}
