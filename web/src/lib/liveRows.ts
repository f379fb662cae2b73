// A list that is told as it changes, kept by id and shown in the order of names.

import type { ObjectRow } from './kubeApi'

/** What a stream tells: all of it with `reset`, else what changed. */
export interface RowsNews {
  reset?: boolean
  columns?: string[]
  rows?: ObjectRow[]
  gone?: string[]
}

export interface LiveRows {
  columns: string[]
  rows: ReadonlyMap<string, ObjectRow>
}

export function take(known: LiveRows | null, news: RowsNews): LiveRows | null {
  // What changed says nothing without what it changed.
  if (!known && !news.reset) return null
  const rows = new Map(news.reset ? [] : known?.rows)
  for (const uid of news.gone ?? []) rows.delete(uid)
  for (const row of news.rows ?? []) rows.set(row.uid, row)
  return { columns: news.columns ?? known?.columns ?? [], rows }
}

export function readRows(data: unknown): RowsNews | null {
  if (typeof data !== 'string') return null
  try {
    const found: unknown = JSON.parse(data)
    return typeof found === 'object' && found !== null ? (found as RowsNews) : null
  } catch {
    return null
  }
}

/** In the cluster's order, namespace then name; with a part of the name in it. */
export function shownRows(live: LiveRows, search: string): ObjectRow[] {
  const wanted = search.toLowerCase()
  const found = [...live.rows.values()].filter(row => row.name.toLowerCase().includes(wanted))
  return found.sort((a, b) => order(a.namespace ?? '', b.namespace ?? '') || order(a.name, b.name))
}

/** By code, as the cluster sorts. */
const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
