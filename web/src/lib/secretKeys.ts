import { parse } from 'yaml'

/** The names of what a Secret keeps, from its text, in which the values are hidden. */
export function secretKeys(text: string): string[] {
  let read: unknown
  try {
    read = parse(text, { maxAliasCount: 0 })
  } catch {
    return []
  }
  const data = typeof read === 'object' && read !== null ? (read as { data?: unknown }).data : null
  return typeof data === 'object' && data !== null ? Object.keys(data) : []
}
