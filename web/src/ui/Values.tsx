import { useTranslation } from 'react-i18next'
import { CopyButton } from './CopyButton'

interface Props {
  values: Record<string, unknown>
  /** Names whose value is not shown to anybody. */
  masked?: readonly string[]
}

const shown = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value, null, 1))

/** Names and values. */
export function Values({ values, masked = [] }: Props) {
  const { t } = useTranslation(['runs', 'common'])
  return (
    <dl className="values">
      {Object.entries(values).map(([name, value]) => (
        <div key={name}>
          <dt className="mono">{name}</dt>
          <dd>
            <code>{shown(value)}</code>
            <CopyButton text={shown(value)} label={`${t('common:action.copy')}: ${name}`} />
          </dd>
        </div>
      ))}
      {masked.map(name => (
        <div key={name}>
          <dt className="mono">{name}</dt>
          <dd>
            <code className="muted">••••••••</code> <span className="muted small">{t('step.masked')}</span>
          </dd>
        </div>
      ))}
    </dl>
  )
}
