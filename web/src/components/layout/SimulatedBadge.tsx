import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { version } from '../../api/queries'

/** Says on every page that what answers as a cluster here is not one. */
export function SimulatedBadge() {
  const { t } = useTranslation()
  const { data } = useQuery(version)
  if (!data?.simulated_cluster) return null
  return (
    <span className="tag tone-hold" title={t('simulated.about', { version: data.simulated_cluster })}>
      {t('simulated.badge')}
    </span>
  )
}
