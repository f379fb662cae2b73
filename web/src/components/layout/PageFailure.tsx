import { type ErrorComponentProps, Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { paths } from '../../lib/paths'
import { EmptyState } from '../../ui/EmptyState'
import { Failure } from '../Failure'

/** What a page shows instead of itself when it or its loading has thrown. */
export function PageFailure({ error, reset }: ErrorComponentProps) {
  return <Failure page error={error} onRetry={reset} />
}

export function NoPage() {
  const { t } = useTranslation()
  return (
    <EmptyState title={t('error.noPage')} action={<Link {...paths.dashboard()}>{t('action.goHome')}</Link>}>
      <title>{`${t('error.noPage')} · AnsFlow`}</title>
      {t('error.noPageHelp')}
    </EmptyState>
  )
}
