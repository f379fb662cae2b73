// Who did what to clusters.

import { infiniteQueryOptions, keepPreviousData } from '@tanstack/react-query'
import type { AuditSearch } from '../lib/places'
import { get } from './client'
import type { AuditRow, AuditVerified, Page } from './types'

export const audit = (filter: AuditSearch) =>
  infiniteQueryOptions({
    queryKey: ['audit', filter],
    queryFn: ({ pageParam, signal }) => get<Page<AuditRow>>('audit', { ...filter, cursor: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: page => page.next,
    placeholderData: keepPreviousData,
  })
/** Goes through the whole chain. */
export const verifyAudit = () => get<AuditVerified>('audit/verify')
