import { useTranslation } from 'react-i18next'
import { duration, lasted } from '../lib/time'
import { useNow } from './clock'

interface Props {
  /** Milliseconds; null while it lasts or when it never began. */
  ms: number | null
  /** RFC 3339; while `ms` is null and `live`, the time since then ticks. */
  since?: string | null
  live?: boolean
}

export function Duration({ ms, since = null, live = false }: Props) {
  const { i18n } = useTranslation()
  const ticking = ms === null && live && since !== null
  const now = useNow(ticking ? 'second' : null)
  const value = ms ?? (ticking ? lasted(since, null, now) : null)
  if (value === null) return <span className="muted">–</span>
  return (
    <span className="nowrap num">{duration(ticking ? Math.floor(value / 1000) * 1000 : value, i18n.language)}</span>
  )
}
