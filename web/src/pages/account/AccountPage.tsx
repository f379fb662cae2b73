import { useNavigate, useSearch } from '@tanstack/react-router'
import Tabs from 'antd/es/tabs'
import { useTranslation } from 'react-i18next'
import { paths } from '../../lib/paths'
import { PageHeader } from '../../ui/PageHeader'
import { Password } from './Password'
import { Sessions } from './Sessions'
import { Tokens } from './Tokens'

const TABS = ['password', 'sessions', 'tokens']

export default function AccountPage() {
  const { t } = useTranslation(['settings', 'common'])
  const { tab } = useSearch({ from: '/app/account' })
  const navigate = useNavigate()
  const items = [
    { key: 'password', label: t('account.passwordTab'), children: <Password /> },
    { key: 'sessions', label: t('account.sessionsTab'), children: <Sessions /> },
    { key: 'tokens', label: t('account.tokensTab'), children: <Tokens /> },
  ]
  return (
    <>
      <PageHeader title={t('account.title')} />
      <Tabs
        items={items}
        activeKey={tab && TABS.includes(tab) ? tab : 'password'}
        onChange={key => void navigate({ ...paths.account({ tab: key }), replace: true })}
        destroyOnHidden
      />
    </>
  )
}
