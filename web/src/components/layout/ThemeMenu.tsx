import DesktopOutlined from '@ant-design/icons/es/icons/DesktopOutlined'
import MoonOutlined from '@ant-design/icons/es/icons/MoonOutlined'
import SunOutlined from '@ant-design/icons/es/icons/SunOutlined'
import Button from 'antd/es/button'
import Dropdown from 'antd/es/dropdown'
import { useTranslation } from 'react-i18next'
import type { SchemeChoice } from '../../lib/theme'
import { chooseTheme, useTheme } from '../theme'

const ICONS = { system: <DesktopOutlined />, light: <SunOutlined />, dark: <MoonOutlined /> }

export function ThemeMenu() {
  const { t } = useTranslation()
  const { choice } = useTheme()
  const items = (['system', 'light', 'dark'] as const).map(key => ({ key, label: t(`theme.${key}`), icon: ICONS[key] }))
  return (
    <Dropdown
      trigger={['click']}
      menu={{
        items,
        selectable: true,
        selectedKeys: [choice],
        onClick: ({ key }) => chooseTheme(key as SchemeChoice),
      }}
    >
      <Button type="text" icon={ICONS[choice]} aria-label={t('theme.label')} aria-haspopup="menu" />
    </Dropdown>
  )
}
