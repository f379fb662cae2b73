import WarningOutlined from '@ant-design/icons/es/icons/WarningOutlined'
import Button from 'antd/es/button'
import { useTranslation } from 'react-i18next'
import { Ticks } from './Ticks'

interface Props {
  title: string
  detail?: string | undefined
  help?: string | undefined
  requestId?: string | undefined
  onRetry?: (() => void) | undefined
  retryLabel?: string
  /** It stands in the place of a whole page. */
  page?: boolean
}

/** What happened, what to do about it, and the number to quote. */
export function ErrorState({ title, detail, help, requestId, onRetry, retryLabel, page = false }: Props) {
  const { t } = useTranslation()
  return (
    <div className="empty" role="alert">
      <div className="empty-icon" style={{ color: 'var(--bad)', background: 'var(--bad-soft)' }} aria-hidden="true">
        <WarningOutlined />
      </div>
      {page && <title>{`${title} · AnsFlow`}</title>}
      {page ? <h1>{title}</h1> : <h2>{title}</h2>}
      {detail && (
        <p>
          <Ticks text={detail} />
        </p>
      )}
      {help && (
        <p>
          <Ticks text={help} />
        </p>
      )}
      {requestId && (
        <p className="small">
          {t('error.requestId')} <code>{requestId}</code>
        </p>
      )}
      {onRetry && <Button onClick={onRetry}>{retryLabel ?? t('action.retry')}</Button>}
    </div>
  )
}
