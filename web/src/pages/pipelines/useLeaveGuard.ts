import { useBlocker } from '@tanstack/react-router'
import App from 'antd/es/app'
import { useTranslation } from 'react-i18next'

/** Asks before what is not saved is left. Another step or view of the same page is no leaving. */
export function useLeaveGuard(isDirty: () => boolean): void {
  const { t } = useTranslation('pipelines')
  const { modal } = App.useApp()
  useBlocker({
    shouldBlockFn: ({ current, next }) => {
      if (current.pathname === next.pathname || !isDirty()) return false
      return new Promise(resolve =>
        modal.confirm({
          title: t('edit.leave'),
          content: t('edit.leaveHelp'),
          okText: t('edit.leaveYes'),
          cancelText: t('edit.leaveNo'),
          okButtonProps: { danger: true },
          autoFocusButton: 'cancel',
          icon: null,
          centered: true,
          onOk: () => resolve(false),
          onCancel: () => resolve(true),
        }),
      )
    },
    enableBeforeUnload: isDirty,
  })
}
