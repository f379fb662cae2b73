// The query part of a URL as plain texts: `?status=failed,running&line=12`, nothing quoted, nothing encoded twice.

export type RawSearch = Record<string, string>

export function parseSearch(text: string): RawSearch {
  return Object.fromEntries(new URLSearchParams(text))
}

export function stringifySearch(search: Record<string, unknown>): string {
  const out = new URLSearchParams()
  for (const [key, value] of Object.entries(search)) {
    const text = Array.isArray(value) ? value.join(',') : value === undefined || value === null ? '' : String(value)
    if (text !== '') out.set(key, text)
  }
  // Commas, slashes and colons may stand as they are, and links stay readable.
  const text = out.toString().replaceAll('%2C', ',').replaceAll('%2F', '/').replaceAll('%3A', ':')
  return text === '' ? '' : `?${text}`
}

/** A text that is not empty, else undefined. */
export function text(value: unknown): string | undefined {
  const out = typeof value === 'number' ? String(value) : value
  return typeof out === 'string' && out !== '' ? out : undefined
}

export function oneOf<T extends string>(value: unknown, allowed: readonly T[]): T | undefined {
  return allowed.find(one => one === value)
}

/** `a,b` or ['a', 'b']; what is not allowed is dropped; undefined when nothing is left. */
export function listOf<T extends string>(value: unknown, allowed: readonly T[]): T[] | undefined {
  const parts = Array.isArray(value) ? value : typeof value === 'string' ? value.split(',') : []
  const out = allowed.filter(one => parts.includes(one))
  return out.length > 0 ? out : undefined
}

/** A whole number from 1, else undefined. */
export function positive(value: unknown): number | undefined {
  const number = Number(value)
  return Number.isSafeInteger(number) && number > 0 ? number : undefined
}

export function flag(value: unknown): true | undefined {
  return value === true || value === 'true' || value === '1' ? true : undefined
}
