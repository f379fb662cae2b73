import { type AnyStatus, tone } from '../lib/status'

const SHAPES: Record<AnyStatus, { ring?: 'full' | 'dashed' | 'arc'; path?: string; disc?: boolean }> = {
  success: { disc: true, path: 'M5 8.2 7.2 10.4 11 6' },
  failed: { disc: true, path: 'M5.8 5.8 10.2 10.2 M10.2 5.8 5.8 10.2' },
  timed_out: { disc: true, path: 'M8 4.6 V8.2 L10.4 9.6' },
  running: { ring: 'arc' },
  retrying: { ring: 'arc', path: 'M8 5.4 V8.4 M8 10.6 V10.7' },
  waiting: { ring: 'full', path: 'M6.4 5.8 V10.2 M9.6 5.8 V10.2' },
  queued: { ring: 'full', path: 'M8 4.9 V8.2 L10 9.4' },
  pending: { ring: 'dashed' },
  skipped: { ring: 'full', path: 'M5.4 5.8 7.6 8 5.4 10.2 M8.6 5.8 10.8 8 8.6 10.2' },
  cancelled: { ring: 'full', path: 'M4.6 11.4 11.4 4.6' },
}

/** A shape per status, so that colour alone never has to tell. */
export function StatusIcon({ status, size = 14 }: { status: AnyStatus; size?: number }) {
  const { ring, path, disc } = SHAPES[status]
  const colour = `var(--${tone(status)})`
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      {disc && <circle cx="8" cy="8" r="7" fill={colour} />}
      {ring === 'full' && <circle cx="8" cy="8" r="6.2" stroke={colour} strokeWidth="1.6" />}
      {ring === 'dashed' && <circle cx="8" cy="8" r="6.2" stroke={colour} strokeWidth="1.6" strokeDasharray="2 2.9" />}
      {ring === 'arc' && (
        <g className="spinning">
          <circle cx="8" cy="8" r="6.2" stroke={colour} strokeWidth="1.8" opacity="0.28" />
          <path d="M8 1.8 A6.2 6.2 0 0 1 14.2 8" stroke={colour} strokeWidth="1.8" />
        </g>
      )}
      {path && <path d={path} stroke={disc ? 'var(--surface)' : colour} strokeWidth="1.7" />}
    </svg>
  )
}
