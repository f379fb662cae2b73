import { useInfiniteQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useState } from 'react'
import { type ObjectsFilter, objects, rowsHref } from '../../api/kube'
import type { KindView } from '../../lib/kubeApi'
import { eventSource, type LiveState, stay, whileSeen } from '../../lib/live'
import { type LiveRows, readRows, shownRows, take } from '../../lib/liveRows'

/**
 * The objects of a kind: the first page of the list at once, then all of them as they change. Where they cannot be
 * followed, the list goes on page by page. Give the component a `key` of cluster, kind, namespace and labels.
 */
export function useRows(cluster: string, kind: KindView, filter: ObjectsFilter) {
  const { namespace, labels, search = '' } = filter
  const [live, setLive] = useState<LiveRows | null>(null)
  const [state, setState] = useState<LiveState>('connecting')
  const [problem, setProblem] = useState<string | null>(null)
  const [trouble, setTrouble] = useState<string | null>(null)
  const followed = live !== null && state === 'open' && trouble === null
  const query = useInfiniteQuery({
    ...objects(cluster, kind, filter),
    enabled: live === null,
    refetchInterval: problem !== null ? 10_000 : false,
  })
  // A connection to the outside, which is what effects are for.
  useEffect(() => {
    const connection = stay({
      connect: eventSource(rowsHref(cluster, kind, { namespace, labels }), ['rows', 'trouble', 'known', 'end']),
      onState: setState,
      onMessage: (type, data) => {
        // What was seen last stands; whether it is still so, only the cluster knows.
        if (type === 'trouble' || type === 'known') setTrouble(type === 'known' ? null : sentenceOf(data))
        // It cannot be followed: it is read page by page.
        if (type === 'end') {
          setProblem(sentenceOf(data))
          setLive(null)
          return true
        }
        const news = readRows(data)
        if (type === 'rows' && news) setLive(known => take(known, news))
        return false
      },
    })
    return whileSeen(connection)
  }, [cluster, kind, namespace, labels])
  const rows = useMemo(() => (live ? shownRows(live, search) : null), [live, search])
  return {
    query,
    columns: live?.columns ?? query.data?.pages[0]?.columns ?? [],
    rows: rows ?? query.data?.pages.flatMap(page => page.items),
    followed,
    state,
    problem: problem ?? trouble,
    paged: live === null,
    truncated: live === null && (query.data?.pages.some(page => page.truncated) ?? false),
  }
}

function sentenceOf(data: unknown): string {
  try {
    const found = JSON.parse(String(data)) as { detail?: string; message?: string }
    return found.detail ?? found.message ?? String(data)
  } catch {
    return String(data)
  }
}
