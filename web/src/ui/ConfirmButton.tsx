import App from 'antd/es/app'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { ActionButton, type ActionProps } from './ActionButton'

interface Props extends Omit<ActionProps, 'onClick'> {
  /** The question. */
  question: string
  /** What will happen. */
  consequence?: ReactNode
  /** The word on the button that does it; the button's own when it is a text. */
  yes: string
  /** The dialogue stays, and turns, until it has ended. */
  onConfirm: () => Promise<unknown> | unknown
}

/** Asks before it acts. */
export function ConfirmButton({ question, consequence, yes, onConfirm, danger, ...rest }: Props) {
  const { t } = useTranslation()
  const { modal } = App.useApp()
  const ask = () =>
    modal.confirm({
      title: question,
      content: consequence,
      okText: yes,
      cancelText: t('action.cancel'),
      okButtonProps: { danger: danger ?? false },
      autoFocusButton: danger ? 'cancel' : 'ok',
      centered: true,
      icon: null,
      // A failure is told by the command itself; the dialogue closes either way.
      onOk: () => Promise.resolve(onConfirm()).catch(() => undefined),
    })
  return <ActionButton {...rest} danger={danger ?? false} onClick={ask} />
}
