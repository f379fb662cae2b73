import type { ReactNode } from 'react'
import { Logo } from '../../ui/Logo'
import { LanguageMenu } from './LanguageMenu'
import { ThemeMenu } from './ThemeMenu'

/** The frame of the pages before sign-in. */
export function AloneLayout({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="alone">
      <title>{`${title} · AnsFlow`}</title>
      <header className="head">
        <span className="grow" />
        <LanguageMenu />
        <ThemeMenu />
      </header>
      <main>
        <div className="card alone-card">
          <div className="row" style={{ marginBottom: 20 }}>
            <Logo size={30} />
            <h1>{title}</h1>
          </div>
          {children}
        </div>
      </main>
    </div>
  )
}
