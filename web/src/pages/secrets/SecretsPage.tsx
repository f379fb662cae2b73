import { useNavigate, useSearch } from '@tanstack/react-router'
import Tabs from 'antd/es/tabs'
import { useTranslation } from 'react-i18next'
import { paths } from '../../lib/paths'
import { PageHeader } from '../../ui/PageHeader'
import { GitCredentials } from './GitCredentials'
import { SecretList } from './SecretList'

export default function SecretsPage() {
  const { t } = useTranslation(['settings', 'common'])
  const { tab } = useSearch({ from: '/app/secrets' })
  const navigate = useNavigate()
  const items = [
    { key: 'secrets', label: t('secrets.tab'), children: <SecretList /> },
    { key: 'git', label: t('git.tab'), children: <GitCredentials /> },
  ]
  return (
    <>
      <PageHeader title={t('secrets.title')} />
      <Tabs
        items={items}
        activeKey={tab === 'git' ? 'git' : 'secrets'}
        onChange={key => void navigate({ ...paths.secrets(key === 'git' ? { tab: 'git' } : {}), replace: true })}
        destroyOnHidden
      />
    </>
  )
}
