import ApartmentOutlined from '@ant-design/icons/es/icons/ApartmentOutlined'
import AuditOutlined from '@ant-design/icons/es/icons/AuditOutlined'
import BellOutlined from '@ant-design/icons/es/icons/BellOutlined'
import ClusterOutlined from '@ant-design/icons/es/icons/ClusterOutlined'
import ContainerOutlined from '@ant-design/icons/es/icons/ContainerOutlined'
import DashboardOutlined from '@ant-design/icons/es/icons/DashboardOutlined'
import KeyOutlined from '@ant-design/icons/es/icons/KeyOutlined'
import PlayCircleOutlined from '@ant-design/icons/es/icons/PlayCircleOutlined'
import SettingOutlined from '@ant-design/icons/es/icons/SettingOutlined'
import ThunderboltOutlined from '@ant-design/icons/es/icons/ThunderboltOutlined'
import { useQuery } from '@tanstack/react-query'
import { Link, type LinkProps } from '@tanstack/react-router'
import { type ReactNode, useId } from 'react'
import { useTranslation } from 'react-i18next'
import { version } from '../../api/queries'
import { paths } from '../../lib/paths'
import { Logo } from '../../ui/Logo'

export function Nav() {
  const { t } = useTranslation()
  const { data } = useQuery(version)
  return (
    <nav className="nav" aria-label={t('nav.label')}>
      <Link {...paths.dashboard()} className="brand">
        <Logo />
        AnsFlow
      </Link>
      <Group title={t('nav.work')}>
        <Item link={paths.dashboard()} icon={<DashboardOutlined />} exact>
          {t('nav.dashboard')}
        </Item>
        <Item link={paths.pipelines()} icon={<ApartmentOutlined />}>
          {t('nav.pipelines')}
        </Item>
        <Item link={paths.runs()} icon={<PlayCircleOutlined />}>
          {t('nav.runs')}
        </Item>
      </Group>
      <Group title={t('nav.connect')}>
        <Item link={paths.triggers()} icon={<ThunderboltOutlined />}>
          {t('nav.triggers')}
        </Item>
        <Item link={paths.notifications()} icon={<BellOutlined />}>
          {t('nav.notifications')}
        </Item>
        <Item link={paths.clusters()} icon={<ClusterOutlined />}>
          {t('nav.clusters')}
        </Item>
        <Item link={paths.registries()} icon={<ContainerOutlined />}>
          {t('nav.registries')}
        </Item>
      </Group>
      <Group title={t('nav.manage')}>
        <Item link={paths.secrets()} icon={<KeyOutlined />}>
          {t('nav.secrets')}
        </Item>
        <Item link={paths.audit()} icon={<AuditOutlined />}>
          {t('nav.audit')}
        </Item>
        <Item link={paths.settings()} icon={<SettingOutlined />}>
          {t('nav.settings')}
        </Item>
      </Group>
      <div className="nav-foot">{data && t('nav.version', { version: data.version })}</div>
    </nav>
  )
}

function Group({ title, children }: { title: string; children: ReactNode }) {
  const id = useId()
  return (
    <>
      <h2 id={id}>{title}</h2>
      <ul className="plain-list" aria-labelledby={id}>
        {children}
      </ul>
    </>
  )
}

function Item({
  link,
  icon,
  exact = false,
  children,
}: {
  link: LinkProps
  icon: ReactNode
  exact?: boolean
  children: ReactNode
}) {
  return (
    <li>
      <Link {...link} className="nav-link" activeOptions={{ exact, includeSearch: false }}>
        {icon}
        {children}
      </Link>
    </li>
  )
}
