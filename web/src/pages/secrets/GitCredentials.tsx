import BranchesOutlined from '@ant-design/icons/es/icons/BranchesOutlined'
import { useInfiniteQuery } from '@tanstack/react-query'
import Button from 'antd/es/button'
import { useState } from 'react'
import { Trans, useTranslation } from 'react-i18next'
import { removeGitCredential } from '../../api/commands'
import { gitCredentials, keys } from '../../api/queries'
import type { GitCredentialView } from '../../api/types'
import { Failure } from '../../components/Failure'
import { LoadMore } from '../../components/LoadMore'
import { useCommand } from '../../components/useCommand'
import { ConfirmButton } from '../../ui/ConfirmButton'
import { EmptyState } from '../../ui/EmptyState'
import { Records, Row } from '../../ui/Records'
import { RowsSkeleton } from '../../ui/Skeletons'
import { Time } from '../../ui/Time'
import { GitCredentialForm } from './GitCredentialForm'

export function GitCredentials() {
  const { t } = useTranslation(['settings', 'common'])
  const query = useInfiniteQuery(gitCredentials)
  const [editing, setEditing] = useState<GitCredentialView | 'new' | null>(null)
  const remove = useCommand(removeGitCredential, { changes: [keys.gitCredentials] })
  const add = (
    <Button type="primary" onClick={() => setEditing('new')}>
      {t('git.add')}
    </Button>
  )
  const items = query.data?.pages.flatMap(page => page.items)
  return (
    <>
      {items === undefined ? (
        query.isError ? (
          <Failure error={query.error} onRetry={() => void query.refetch()} />
        ) : (
          <RowsSkeleton rows={3} height={64} />
        )
      ) : items.length === 0 ? (
        <EmptyState icon={<BranchesOutlined />} title={t('git.none')} action={add}>
          {t('git.noneHelp')}
        </EmptyState>
      ) : (
        <Records intro={t('git.intro')} action={add}>
          {items.map(one => (
            <Row
              key={one.id}
              title={<code>{one.host}</code>}
              actions={
                <>
                  <Button onClick={() => setEditing(one)} aria-label={`${t('common:action.edit')} ${one.host}`}>
                    {t('common:action.edit')}
                  </Button>
                  <ConfirmButton
                    danger
                    question={t('git.remove', { host: one.host })}
                    yes={t('common:action.delete')}
                    onConfirm={() => remove.mutateAsync(one.id)}
                  >
                    {t('common:action.delete')}
                  </ConfirmButton>
                </>
              }
            >
              {t(`git.${one.kind}`)}
              {one.username && <> · {one.username}</>}
              {' · '}
              <Trans
                t={t}
                i18nKey="updatedBy"
                values={{ name: one.updated_by }}
                components={[<Time key="at" at={one.updated_at} />]}
              />
            </Row>
          ))}
        </Records>
      )}
      <LoadMore query={query} />
      <GitCredentialForm editing={editing} onClose={() => setEditing(null)} />
    </>
  )
}
