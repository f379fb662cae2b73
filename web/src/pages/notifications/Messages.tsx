import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import Button from 'antd/es/button'
import Drawer from 'antd/es/drawer'
import { Trans, useTranslation } from 'react-i18next'
import { retryMessage } from '../../api/commands'
import { keys, messages } from '../../api/queries'
import type { MessageView, NotificationView } from '../../api/types'
import { Failure } from '../../components/Failure'
import { LoadMore } from '../../components/LoadMore'
import { useCommand } from '../../components/useCommand'
import { paths } from '../../lib/paths'
import { Records, Row } from '../../ui/Records'
import { RowsSkeleton } from '../../ui/Skeletons'
import { Time } from '../../ui/Time'
import { MessageTag } from './NotificationRow'

interface Props {
  notification: NotificationView | null
  onClose: () => void
}

export function Messages({ notification, onClose }: Props) {
  const { t } = useTranslation('settings')
  return (
    <Drawer
      open={notification !== null}
      onClose={onClose}
      size="large"
      title={t('notifications.messagesOf', { name: notification?.name ?? '' })}
      destroyOnHidden
    >
      {notification && <List id={notification.id} />}
    </Drawer>
  )
}

function List({ id }: { id: string }) {
  const { t } = useTranslation('settings')
  const query = useInfiniteQuery({
    ...messages(id),
    refetchInterval: ({ state }) =>
      state.data?.pages.some(page => page.items.some(one => one.status === 'pending')) ? 2_000 : 15_000,
  })
  const items = query.data?.pages.flatMap(page => page.items)
  if (items === undefined) {
    if (query.isError) return <Failure error={query.error} onRetry={() => void query.refetch()} />
    return <RowsSkeleton rows={4} height={60} />
  }
  if (items.length === 0) return <p className="muted">{t('notifications.noMessages')}</p>
  return (
    <>
      <Records>
        {items.map(one => (
          <Message key={one.id} notification={id} message={one} />
        ))}
      </Records>
      <LoadMore query={query} />
    </>
  )
}

function Message({ notification, message }: { notification: string; message: MessageView }) {
  const { t } = useTranslation(['settings', 'common'])
  const again = useCommand(() => retryMessage(notification, message.id), { changes: [keys.notifications] })
  const title = (
    <>
      <MessageTag status={message.status} />
      {message.run ? (
        <Link {...paths.run(message.run)}>{t(`notifications.${message.event}`)}</Link>
      ) : (
        t(`notifications.${message.event}`)
      )}
    </>
  )
  return (
    <Row
      title={title}
      actions={
        message.status === 'failed' && (
          <Button loading={again.isPending} onClick={() => again.mutate(undefined)}>
            {t('common:action.retry')}
          </Button>
        )
      }
    >
      <Time at={message.sent_at ?? message.created_at} />
      {message.attempts > 1 && <> · {t('notifications.attempts', { count: message.attempts })}</>}
      {message.error && <> · {message.error}</>}
      {message.status === 'pending' && message.next_at && message.attempts > 0 && (
        <>
          {' · '}
          <Trans t={t} i18nKey="notifications.nextTry" components={[<Time key="at" at={message.next_at} />]} />
        </>
      )}
    </Row>
  )
}
