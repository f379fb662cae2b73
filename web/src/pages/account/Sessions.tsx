import { useInfiniteQuery } from '@tanstack/react-query'
import Button from 'antd/es/button'
import { Trans, useTranslation } from 'react-i18next'
import { endSession } from '../../api/commands'
import { keys, sessions } from '../../api/queries'
import { Failure } from '../../components/Failure'
import { LoadMore } from '../../components/LoadMore'
import { useCommand } from '../../components/useCommand'
import { Records, Row } from '../../ui/Records'
import { RowsSkeleton } from '../../ui/Skeletons'
import { Time } from '../../ui/Time'

export function Sessions() {
  const { t } = useTranslation(['settings', 'common'])
  const query = useInfiniteQuery(sessions)
  const end = useCommand(endSession, { changes: [keys.sessions] })
  const items = query.data?.pages.flatMap(page => page.items)
  if (items === undefined) {
    if (query.isError) return <Failure error={query.error} onRetry={() => void query.refetch()} />
    return <RowsSkeleton rows={2} height={64} />
  }
  return (
    <>
      <Records intro={t('account.sessions')}>
        {items.map(session => (
          <Row
            key={session.id}
            title={
              <>
                <Trans t={t} i18nKey="account.signedIn" components={[<Time key="at" at={session.created_at} />]} />
                {session.current && <span className="tag tone-good">{t('account.thisOne')}</span>}
              </>
            }
            actions={
              !session.current && (
                <Button loading={end.isPending && end.variables === session.id} onClick={() => end.mutate(session.id)}>
                  {t('account.end')}
                </Button>
              )
            }
          >
            <Trans t={t} i18nKey="account.seen" components={[<Time key="at" at={session.seen_at} />]} />
            {' · '}
            <Trans t={t} i18nKey="account.ends" components={[<Time key="at" at={session.expires_at} />]} />
          </Row>
        ))}
      </Records>
      <LoadMore query={query} />
    </>
  )
}
