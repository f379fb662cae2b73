import { useTranslation } from 'react-i18next'
import { type AnyStatus, tone } from '../lib/status'
import { StatusIcon } from './StatusIcon'

/** Shape, colour and word of a run's or step's status. `bare`: without the coloured ground, for dense lists. */
export function StatusTag({ status, bare = false }: { status: AnyStatus; bare?: boolean }) {
  const { t } = useTranslation()
  return (
    <span className={`tag tone-${tone(status)}${bare ? ' bare' : ''}`}>
      <StatusIcon status={status} />
      {t(`status.${status}`)}
    </span>
  )
}
