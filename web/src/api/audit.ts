// Who did what to clusters.

import { infiniteQueryOptions } from '@tanstack/react-query'
import { get } from './client'
import type { AuditRow, AuditVerified, Page } from './types'

export const audit = infiniteQueryOptions({
  queryKey: ['audit'],
  queryFn: ({ pageParam, signal }) => get<Page<AuditRow>>('audit', { cursor: pageParam }, signal),
  initialPageParam: null as string | null,
  getNextPageParam: page => page.next,
})
/** Goes through the whole chain. */
export const verifyAudit = () => get<AuditVerified>('audit/verify')
