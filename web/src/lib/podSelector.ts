import { parse } from 'yaml'

interface Selector {
  matchLabels?: Record<string, unknown>
  matchExpressions?: { key?: string; operator?: string; values?: string[] }[]
}

/** What finds the pods of an object, as a query writes it, from its YAML; nothing where it has no such thing. */
export function podSelector(text: string): string | null {
  let read: unknown
  try {
    read = parse(text, { maxAliasCount: 0 })
  } catch {
    return null
  }
  const { selector } = (read as { spec?: { selector?: Selector } } | null)?.spec ?? {}
  if (typeof selector !== 'object' || selector === null) return null
  const labels = Object.entries(selector.matchLabels ?? {}).map(([key, value]) => `${key}=${value}`)
  const more = (selector.matchExpressions ?? []).map(expression)
  const all = [...labels, ...more]
  // Half a selector would find pods of others.
  return all.length === 0 || all.includes(null) ? null : all.join(',')
}

function expression({ key, operator, values = [] }: NonNullable<Selector['matchExpressions']>[number]): string | null {
  if (key === undefined) return null
  if (operator === 'Exists') return key
  if (operator === 'DoesNotExist') return `!${key}`
  if (operator === 'In' || operator === 'NotIn') return `${key} ${operator.toLowerCase()} (${values.join(',')})`
  return null
}
