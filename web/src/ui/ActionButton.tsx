import Button, { type ButtonProps } from 'antd/es/button'
import Tooltip from 'antd/es/tooltip'
import { useTranslation } from 'react-i18next'

export interface ActionProps extends ButtonProps {
  /** Why it cannot be done now (see lib/may.ts); null: it can. */
  refused?: string | null
}

/** A button that stays in place and says why when it cannot be pressed. It stays focusable, so that everybody can read it. */
export function ActionButton({ refused = null, onClick, className, htmlType, ...rest }: ActionProps) {
  const { t } = useTranslation()
  if (refused === null)
    return <Button {...rest} htmlType={htmlType ?? 'button'} className={className ?? ''} onClick={onClick} />
  const reason = refused || t('notAllowed')
  return (
    <Tooltip title={reason}>
      <Button {...rest} className={`${className ?? ''} refused`} aria-disabled="true" aria-description={reason} />
    </Tooltip>
  )
}
