import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { paths } from '../../lib/paths'
import { PageHeader } from '../../ui/PageHeader'
import { ClusterForm } from './ClusterForm'
import './clusters.css'

export default function NewClusterPage() {
  const { t } = useTranslation('kube')
  return (
    <>
      <PageHeader title={t('add')} crumbs={<Link {...paths.clusters()}>{t('title')}</Link>} />
      <ClusterForm known={null} />
    </>
  )
}
