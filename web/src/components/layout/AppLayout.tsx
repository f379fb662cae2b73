import MenuOutlined from '@ant-design/icons/es/icons/MenuOutlined'
import { Outlet, useRouterState } from '@tanstack/react-router'
import Button from 'antd/es/button'
import Drawer from 'antd/es/drawer'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { LanguageMenu } from './LanguageMenu'
import { Nav } from './Nav'
import { SimulatedBadge } from './SimulatedBadge'
import { ThemeMenu } from './ThemeMenu'
import { UserMenu } from './UserMenu'
import { useHotkeys } from './useHotkeys'

/** The frame around every page that needs somebody signed in. */
export function AppLayout() {
  const { t } = useTranslation()
  const path = useRouterState({ select: state => state.location.pathname })
  // The drawer belongs to the page it was opened on: going elsewhere closes it.
  const [openedOn, setOpenedOn] = useState<string | null>(null)
  useHotkeys()
  return (
    <div className="frame">
      <a className="skip-link" href="#main">
        {t('nav.skip')}
      </a>
      <aside className="side">
        <Nav />
      </aside>
      <div>
        <header className="head">
          <Button
            className="menu-button"
            type="text"
            icon={<MenuOutlined />}
            aria-label={t('nav.open')}
            aria-haspopup="dialog"
            onClick={() => setOpenedOn(path)}
          />
          <SimulatedBadge />
          <span className="grow" />
          <LanguageMenu />
          <ThemeMenu />
          <UserMenu />
        </header>
        <main id="main" className="main" tabIndex={-1}>
          <Outlet />
        </main>
      </div>
      <Drawer
        open={openedOn === path}
        onClose={() => setOpenedOn(null)}
        placement="left"
        size={264}
        title={t('nav.label')}
        closable={{ 'aria-label': t('nav.close') }}
        styles={{ body: { padding: 0 } }}
      >
        <Nav />
      </Drawer>
    </div>
  )
}
