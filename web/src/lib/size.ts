// Sizes in bytes and counts as people read them.

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const

/** Powers of 1000: `1.5 MB`. */
export function bytes(size: number): string {
  let unit = 0
  let value = size
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000
    unit += 1
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : Math.round(value * 10) / 10} ${UNITS[unit]}`
}

export function count(value: number, language: string): string {
  return new Intl.NumberFormat(language).format(value)
}

/** 0.128 → `12.8%`. */
export function percent(share: number, language: string): string {
  return new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 1 }).format(share)
}
