import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Failure } from './Failure'

interface Props<T> {
  query: UseQueryResult<T>
  /** Of the size of what is coming. */
  skeleton: ReactNode
  /** It is all that the page has. */
  page?: boolean
  children: (data: T) => ReactNode
}

/** A query's three faces. What was there once stays while it is fetched anew or when that fails. */
export function Loaded<T>({ query, skeleton, page = false, children }: Props<T>) {
  if (query.data !== undefined) return children(query.data)
  if (query.isError) return <Failure page={page} error={query.error} onRetry={() => void query.refetch()} />
  return skeleton
}
