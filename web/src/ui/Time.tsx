import Tooltip from 'antd/es/tooltip'
import { useTranslation } from 'react-i18next'
import { absolute, relative } from '../lib/time'
import { useNow } from './clock'

/** `3 minutes ago`, with date, time and zone in a tooltip. `at` is RFC 3339. */
export function Time({ at, none = '–' }: { at: string | null; none?: string }) {
  const { i18n } = useTranslation()
  const now = useNow('minute')
  if (at === null) return <span className="muted">{none}</span>
  const ms = Date.parse(at)
  const full = absolute(ms, i18n.language)
  return (
    <Tooltip title={full} mouseEnterDelay={0.3}>
      <time dateTime={at} className="nowrap num">
        {relative(ms, Math.max(now, Date.now() - 30_000), i18n.language)}
      </time>
    </Tooltip>
  )
}
