import DeleteOutlined from '@ant-design/icons/es/icons/DeleteOutlined'
import DownOutlined from '@ant-design/icons/es/icons/DownOutlined'
import RedoOutlined from '@ant-design/icons/es/icons/RedoOutlined'
import StopOutlined from '@ant-design/icons/es/icons/StopOutlined'
import { useNavigate } from '@tanstack/react-router'
import App from 'antd/es/app'
import Dropdown from 'antd/es/dropdown'
import { useTranslation } from 'react-i18next'
import { cancelRun, removeRun, retryRun } from '../../api/commands'
import { keys } from '../../api/queries'
import type { RetryRequest, RunView } from '../../api/types'
import { useCommand } from '../../components/useCommand'
import { whyNot } from '../../lib/may'
import { paths } from '../../lib/paths'
import { ActionButton } from '../../ui/ActionButton'
import { ConfirmButton } from '../../ui/ConfirmButton'

export function RunActions({ run }: { run: RunView }) {
  const { t } = useTranslation('runs')
  const navigate = useNavigate()
  const cancel = useCommand(cancelRun, { changes: [keys.runs], done: t('act.cancelling') })
  const remove = useCommand(removeRun, { done: t('act.deleted'), onSuccess: () => navigate(paths.runs()) })
  return (
    <>
      <ConfirmButton
        icon={<StopOutlined />}
        refused={whyNot(run, 'cancel')}
        question={t('act.cancelQuestion')}
        consequence={t('act.cancelHelp')}
        yes={t('act.cancel')}
        danger
        onConfirm={() => cancel.mutateAsync(run.id)}
      >
        {t('act.cancel')}
      </ConfirmButton>
      <RetryMenu run={run} />
      <ConfirmButton
        icon={<DeleteOutlined />}
        aria-label={t('act.delete')}
        title={t('act.delete')}
        refused={whyNot(run, 'delete')}
        question={t('act.deleteQuestion')}
        consequence={t('act.deleteHelp')}
        yes={t('act.delete')}
        danger
        onConfirm={() => remove.mutateAsync(run.id)}
      />
    </>
  )
}

function RetryMenu({ run }: { run: RunView }) {
  const { t } = useTranslation(['runs', 'common'])
  const { modal } = App.useApp()
  const retry = useRetry(run)
  const refused = whyNot(run, 'retry')
  const noFailed = whyNot(run, 'retry_failed')
  const ask = (body: RetryRequest, consequence: string) =>
    modal.confirm({
      title: t('act.retryQuestion'),
      content: consequence,
      okText: t('act.retry'),
      cancelText: t('common:action.cancel'),
      centered: true,
      icon: null,
      onOk: () => retry(body),
    })
  const button = (
    <ActionButton type="primary" icon={<RedoOutlined />} refused={refused} aria-haspopup="menu">
      {t('act.retry')} <DownOutlined style={{ fontSize: 10 }} />
    </ActionButton>
  )
  if (refused !== null) return button
  return (
    <Dropdown
      trigger={['click']}
      menu={{
        items: [
          { key: 'all', label: t('act.retryAll') },
          { key: 'failed', label: t('act.retryFailed'), disabled: noFailed !== null, title: noFailed ?? '' },
        ],
        onClick: ({ key }) =>
          key === 'all' ? ask({}, t('act.retryAllHelp')) : ask({ failed_only: true }, t('act.retryFailedHelp')),
      }}
    >
      {button}
    </Dropdown>
  )
}

/** Starts the run again and goes to the new one. A failure has been told when it returns. */
export function useRetry(run: RunView): (body: RetryRequest) => Promise<void> {
  const navigate = useNavigate()
  const command = useCommand((body: RetryRequest) => retryRun(run.id, body), {
    changes: [keys.runs],
    onSuccess: next => navigate(paths.run(next.id)),
  })
  return async body => {
    await command.mutateAsync(body).catch(() => undefined)
  }
}
