import { useTranslation } from 'react-i18next'
import type { BatchResult, Problem } from '../../api/types'
import { StatusIcon } from '../../ui/StatusIcon'
import { Ticks } from '../../ui/Ticks'

/** What became of each, with the server's reason. */
export function BatchResults({ items }: { items: readonly BatchResult[] }) {
  const { t } = useTranslation('pipelines')
  return (
    <ul className="plain-list batch-results">
      {items.map((item, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two of a list may have the same name
        <li key={index} className="row">
          <StatusIcon status={item.problem ? 'failed' : 'success'} />
          <span className="grow">
            <b>{item.name || t('batch.nameless')}</b>
            {item.problem && (
              <span className="muted small">
                <br />
                <Ticks text={said(item.problem)} />
              </span>
            )}
          </span>
        </li>
      ))}
    </ul>
  )
}

function said({ detail, help, diagnostics }: Problem): string {
  const first = diagnostics?.[0]
  const where = first ? ` (${first.line}:${first.column} ${first.message})` : ''
  return `${detail}${where}${help ? ` — ${help}` : ''}`
}
