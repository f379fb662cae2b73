import BellOutlined from '@ant-design/icons/es/icons/BellOutlined'
import { useInfiniteQuery } from '@tanstack/react-query'
import Button from 'antd/es/button'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { notifications } from '../../api/queries'
import type { NotificationView } from '../../api/types'
import { Failure } from '../../components/Failure'
import { LoadMore } from '../../components/LoadMore'
import { EmptyState } from '../../ui/EmptyState'
import { PageHeader } from '../../ui/PageHeader'
import { Records } from '../../ui/Records'
import { RowsSkeleton } from '../../ui/Skeletons'
import { Messages } from './Messages'
import { NotificationForm } from './NotificationForm'
import { NotificationRow } from './NotificationRow'

export default function NotificationsPage() {
  const { t } = useTranslation(['settings', 'common'])
  const query = useInfiniteQuery(notifications)
  const [editing, setEditing] = useState<NotificationView | 'new' | null>(null)
  const [reading, setReading] = useState<NotificationView | null>(null)
  const add = (
    <Button type="primary" onClick={() => setEditing('new')}>
      {t('notifications.add')}
    </Button>
  )
  const items = query.data?.pages.flatMap(page => page.items)
  return (
    <>
      <PageHeader title={t('notifications.title')} actions={items && items.length > 0 && add} />
      {items === undefined ? (
        query.isError ? (
          <Failure error={query.error} onRetry={() => void query.refetch()} />
        ) : (
          <RowsSkeleton rows={3} height={72} />
        )
      ) : items.length === 0 ? (
        <EmptyState icon={<BellOutlined />} title={t('notifications.none')} action={add}>
          {t('notifications.noneHelp')}
        </EmptyState>
      ) : (
        <Records>
          {items.map(one => (
            <NotificationRow
              key={one.id}
              notification={one}
              onEdit={() => setEditing(one)}
              onRead={() => setReading(one)}
            />
          ))}
        </Records>
      )}
      <LoadMore query={query} />
      <NotificationForm editing={editing} onClose={() => setEditing(null)} />
      <Messages notification={reading} onClose={() => setReading(null)} />
    </>
  )
}
