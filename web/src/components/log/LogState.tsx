import { useTranslation } from 'react-i18next'
import type { Log } from './useLog'

/** Whether what is seen is all there is. */
export function LogState({ state, following }: { state: Log['state']; following: boolean }) {
  const { t } = useTranslation('runs')
  if (state === 'ended' || state === 'loading' || state === 'failed') return null
  if (state === 'lost') return <span style={{ color: 'var(--hold)' }}>{t('log.lost')}</span>
  return <span>{following ? t('log.following') : t('log.live')}</span>
}
