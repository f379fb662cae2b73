import type { ReactNode } from 'react'

interface Props {
  title: ReactNode
  /** The document's title, when `title` is no plain text. */
  name?: string | undefined
  /** Links to what this belongs to. */
  crumbs?: ReactNode
  /** Stands under the title. */
  children?: ReactNode
  actions?: ReactNode
}

export function PageHeader({ title, name, crumbs, children, actions }: Props) {
  const words = name ?? (typeof title === 'string' ? title : '')
  return (
    <div className="page-header">
      <title>{words ? `${words} · AnsFlow` : 'AnsFlow'}</title>
      <div className="grow">
        {crumbs && <div className="crumbs">{crumbs}</div>}
        <h1>{title}</h1>
      </div>
      {actions && <div className="row wrap">{actions}</div>}
      {children && <div className="page-below">{children}</div>}
    </div>
  )
}
