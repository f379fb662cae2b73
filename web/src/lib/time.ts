// Times and durations as people read them.

const UNITS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
]

/** Of a moment that has just been; `现在` is said of what goes on. */
const NOW: Record<string, string> = { en: 'just now', zh: '刚刚' }

/** `3 minutes ago`, `in 2 hours`, `just now`; `at` and `now` in epoch milliseconds. */
export function relative(at: number, now: number, language: string): string {
  const seconds = Math.round((at - now) / 1000)
  const format = new Intl.RelativeTimeFormat(language, { numeric: 'auto', style: 'long' })
  // Second by second is noise, and clocks differ a little: below ten seconds it is now.
  if (seconds < 3 && seconds > -10) return NOW[language.slice(0, 2)] ?? format.format(0, 'second')
  if (seconds > 0 && seconds < 10) return format.format(0, 'second')
  const [unit, size] = UNITS.find(([, size]) => Math.abs(seconds) >= size) ?? ['second', 1]
  return format.format(Math.trunc(seconds / size), unit)
}

/** Date, time and zone, for a tooltip. */
export function absolute(at: number, language: string): string {
  return new Intl.DateTimeFormat(language, {
    year: 'numeric',
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
    timeZoneName: 'short',
  }).format(at)
}

/** `10:04:09`: for things that follow each other within minutes. */
export function clockTime(at: number, language: string): string {
  if (Number.isNaN(at)) return ''
  return new Intl.DateTimeFormat(language, {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  }).format(at)
}

export interface DurationParts {
  days: number
  hours: number
  minutes: number
  /** With one decimal below ten seconds. */
  seconds: number
}

/** At most two units that say something: days and hours, hours and minutes, minutes and seconds, or seconds. */
export function durationParts(ms: number): DurationParts {
  if (ms < 9_950) return { days: 0, hours: 0, minutes: 0, seconds: Math.max(0, Math.round(ms / 100) / 10) }
  const all = Math.round(ms / 1000)
  const days = Math.floor(all / 86_400)
  const hours = Math.floor((all % 86_400) / 3_600)
  const minutes = Math.floor((all % 3_600) / 60)
  return {
    days,
    hours,
    minutes: days > 0 ? 0 : minutes,
    seconds: days > 0 || hours > 0 ? 0 : all % 60,
  }
}

const LETTERS = { en: ['d', 'h', 'm', 's'], zh: [' 天', ' 小时', ' 分', ' 秒'] } as const

/** `1h 5m`, `2m 3s`, `4.2s`; in Chinese `2 分 3 秒`. */
export function duration(ms: number, language: string): string {
  const [d, h, m, s] = language.startsWith('zh') ? LETTERS.zh : LETTERS.en
  const parts = durationParts(ms)
  const out: string[] = []
  if (parts.days) out.push(`${parts.days}${d}`)
  if (parts.hours) out.push(`${parts.hours}${h}`)
  if (parts.minutes) out.push(`${parts.minutes}${m}`)
  if (parts.seconds || out.length === 0) out.push(`${parts.seconds}${s}`)
  return out.join(' ')
}

/** What has begun and not ended lasts until now. */
export function lasted(started: string | null, finished: string | null, now: number): number | null {
  if (started === null) return null
  return Math.max(0, (finished === null ? now : Date.parse(finished)) - Date.parse(started))
}
