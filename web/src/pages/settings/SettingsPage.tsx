import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { settings } from '../../api/queries'
import { Loaded } from '../../components/Loaded'
import { PageHeader } from '../../ui/PageHeader'
import { BlockSkeleton } from '../../ui/Skeletons'
import { SettingsForm } from './SettingsForm'

export default function SettingsPage() {
  const { t } = useTranslation('settings')
  const query = useQuery(settings)
  return (
    <>
      <PageHeader title={t('title')} />
      <Loaded query={query} skeleton={<BlockSkeleton height={480} />}>
        {data => <SettingsForm key={data.etag} stored={data} />}
      </Loaded>
    </>
  )
}
