import Button from 'antd/es/button'
import { useTranslation } from 'react-i18next'
import { removeNotification, testNotification } from '../../api/commands'
import { keys } from '../../api/queries'
import type { MessageView, NotificationView } from '../../api/types'
import { useCommand } from '../../components/useCommand'
import { ConfirmButton } from '../../ui/ConfirmButton'
import { Row } from '../../ui/Records'
import { Time } from '../../ui/Time'

const TONES: Record<MessageView['status'], string> = { pending: 'busy', sent: 'good', failed: 'bad' }

export function MessageTag({ status }: { status: MessageView['status'] }) {
  const { t } = useTranslation('settings')
  return <span className={`tag tone-${TONES[status]}`}>{t(`notifications.${status}`)}</span>
}

interface Props {
  notification: NotificationView
  onEdit: () => void
  onRead: () => void
}

export function NotificationRow({ notification: one, onEdit, onRead }: Props) {
  const { t } = useTranslation(['settings', 'common'])
  const changes = [keys.notifications]
  const remove = useCommand(() => removeNotification(one.id), { changes })
  const test = useCommand(() => testNotification(one.id), { changes, done: t('notifications.testSent') })
  const title = (
    <>
      {one.name}
      <span className="muted">{t(`notifications.${one.kind}`)}</span>
      {!one.enabled && <span className="tag tone-quiet">{t('notifications.off')}</span>}
    </>
  )
  const actions = (
    <>
      <Button loading={test.isPending} onClick={() => test.mutate(undefined)}>
        {t('notifications.sendTest')}
      </Button>
      <Button onClick={onRead}>{t('notifications.messages')}</Button>
      <Button onClick={onEdit} aria-label={`${t('common:action.edit')} ${one.name}`}>
        {t('common:action.edit')}
      </Button>
      <ConfirmButton
        danger
        question={t('notifications.remove', { name: one.name })}
        consequence={t('notifications.removeHelp')}
        yes={t('common:action.delete')}
        onConfirm={() => remove.mutateAsync(undefined)}
      >
        {t('common:action.delete')}
      </ConfirmButton>
    </>
  )
  const where = one.kind === 'email' ? one.to.join(', ') : one.target
  const what = one.pipelines.length === 0 ? t('notifications.allPipelines') : one.pipelines.map(p => p.name).join(', ')
  return (
    <Row title={title} actions={actions}>
      {where} · {what} · {one.events.map(event => t(`notifications.${event}`)).join(', ')}
      {one.last && (
        <>
          <br />
          {t('notifications.last')}
          <MessageTag status={one.last.status} /> <Time at={one.last.sent_at ?? one.last.created_at} />{' '}
          {one.last.status !== 'sent' && one.last.error}
        </>
      )}
    </Row>
  )
}
