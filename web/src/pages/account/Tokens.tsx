import ApiOutlined from '@ant-design/icons/es/icons/ApiOutlined'
import { useInfiniteQuery } from '@tanstack/react-query'
import Button from 'antd/es/button'
import { useState } from 'react'
import { Trans, useTranslation } from 'react-i18next'
import { removeToken } from '../../api/commands'
import { keys, tokens } from '../../api/queries'
import type { TokenView } from '../../api/types'
import { Failure } from '../../components/Failure'
import { LoadMore } from '../../components/LoadMore'
import { useCommand } from '../../components/useCommand'
import { ConfirmButton } from '../../ui/ConfirmButton'
import { EmptyState } from '../../ui/EmptyState'
import { Records, Row } from '../../ui/Records'
import { RowsSkeleton } from '../../ui/Skeletons'
import { Ticks } from '../../ui/Ticks'
import { Time } from '../../ui/Time'
import { NewToken } from './NewToken'

export function Tokens() {
  const { t } = useTranslation(['settings', 'common'])
  const query = useInfiniteQuery(tokens)
  const [making, setMaking] = useState(false)
  const add = (
    <Button type="primary" onClick={() => setMaking(true)}>
      {t('account.newToken')}
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
        <EmptyState icon={<ApiOutlined />} title={t('account.noTokens')} action={add}>
          <Ticks text={t('account.noTokensHelp')} />
        </EmptyState>
      ) : (
        <Records intro={t('account.tokens')} action={add}>
          {items.map(token => (
            <TokenRow key={token.id} token={token} />
          ))}
        </Records>
      )}
      <LoadMore query={query} />
      <NewToken open={making} onClose={() => setMaking(false)} />
    </>
  )
}

function TokenRow({ token }: { token: TokenView }) {
  const { t } = useTranslation(['settings', 'common'])
  const revoke = useCommand(() => removeToken(token.id), { changes: [keys.tokens] })
  const title = (
    <>
      {token.name}
      {token.read_only && <span className="tag tone-quiet">{t('account.readOnly')}</span>}
    </>
  )
  const actions = (
    <ConfirmButton
      danger
      question={t('account.revokeAsk', { name: token.name })}
      consequence={t('account.revokeHelp')}
      yes={t('account.revoke')}
      onConfirm={() => revoke.mutateAsync(undefined)}
    >
      {t('account.revoke')}
    </ConfirmButton>
  )
  return (
    <Row title={title} actions={actions}>
      <code>{token.hint}…</code>
      {' · '}
      {token.used_at === null ? (
        t('account.neverUsed')
      ) : (
        <Trans t={t} i18nKey="account.used" components={[<Time key="at" at={token.used_at} />]} />
      )}
      {' · '}
      <Trans
        t={t}
        i18nKey="account.ends"
        components={[<Time key="at" at={token.expires_at} none={t('account.neverExpires')} />]}
      />
    </Row>
  )
}
