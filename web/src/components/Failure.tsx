import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import { ApiProblem } from '../api/client'
import { ErrorState } from '../ui/ErrorState'

interface Said {
  title: string
  detail?: string | undefined
  help?: string | undefined
  requestId?: string | undefined
}

/** An error in the words of the person who reads it; the server's sentence is kept, it knows best. */
export function wordsOf(error: unknown, t: TFunction): Said {
  if (!(error instanceof ApiProblem)) {
    const chunk = error instanceof Error && /dynamically imported module|module script/i.test(error.message)
    if (chunk) return { title: t('error.updated') }
    return {
      title: t('error.broken'),
      detail: error instanceof Error ? error.message : undefined,
      help: t('error.brokenHelp'),
    }
  }
  const { status, code, detail, help, request_id } = error.problem
  const rest = { detail: detail || undefined, help: help ?? undefined, requestId: request_id || undefined }
  if (status === 0) return { title: t('error.unreachable'), help: t('error.unreachableHelp') }
  if (status === 404) return { title: t('error.notFound'), ...rest, help: help ?? t('error.notFoundHelp') }
  if (status === 403) return { title: t('error.forbidden'), ...rest }
  if (code === 'registry_unreachable') return { title: t('error.registry'), ...rest }
  if (code === 'cluster_unreachable') return { title: t('error.cluster'), ...rest }
  if (status === 412) return { title: t('error.stale'), ...rest, help: t('error.staleHelp') }
  if (status === 429)
    return { title: t('error.tooMany'), ...rest, help: t('error.tooManyHelp', { count: error.retryAfter ?? 60 }) }
  return { title: t('error.title'), ...rest }
}

/** The view of a failed query or page. */
export function Failure({ error, onRetry, page }: { error: unknown; onRetry?: () => void; page?: boolean }) {
  const { t } = useTranslation()
  const broken = !(error instanceof ApiProblem)
  return (
    <ErrorState
      {...wordsOf(error, t)}
      page={page ?? false}
      onRetry={broken ? () => location.reload() : onRetry}
      {...(broken ? { retryLabel: t('action.reload') } : {})}
    />
  )
}
