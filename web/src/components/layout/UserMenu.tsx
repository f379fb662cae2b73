import ApiOutlined from '@ant-design/icons/es/icons/ApiOutlined'
import LogoutOutlined from '@ant-design/icons/es/icons/LogoutOutlined'
import UserOutlined from '@ant-design/icons/es/icons/UserOutlined'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import Button from 'antd/es/button'
import Dropdown from 'antd/es/dropdown'
import { useTranslation } from 'react-i18next'
import { logOut } from '../../api/commands'
import { hrefs } from '../../api/hrefs'
import { me } from '../../api/queries'
import { paths } from '../../lib/paths'
import { useCommand } from '../useCommand'

export function UserMenu() {
  const { t } = useTranslation()
  const { data } = useQuery(me)
  const navigate = useNavigate()
  const client = useQueryClient()
  const leave = useCommand(logOut, {
    onSuccess: async () => {
      await navigate(paths.login())
      client.clear()
    },
  })
  const name = data?.name ?? ''
  return (
    <Dropdown
      trigger={['click']}
      placement="bottomRight"
      menu={{
        items: [
          { key: 'account', icon: <UserOutlined />, label: t('nav.account') },
          { key: 'api', icon: <ApiOutlined />, label: t('nav.apiDocs') },
          { type: 'divider' },
          { key: 'leave', icon: <LogoutOutlined />, label: t('nav.signOut') },
        ],
        onClick: ({ key }) => {
          if (key === 'account') void navigate(paths.account())
          else if (key === 'api') window.open(hrefs.apiDocs(), '_blank', 'noopener')
          else leave.mutate(undefined)
        },
      }}
    >
      <Button type="text" icon={<UserOutlined />} aria-label={t('nav.user', { name })} aria-haspopup="menu">
        <span className="user-name">{name}</span>
      </Button>
    </Dropdown>
  )
}
