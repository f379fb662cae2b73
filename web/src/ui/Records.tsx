import type { ReactNode } from 'react'

/** A card with a list of things. `intro` says what they are, `action` makes a new one. */
export function Records({ intro, action, children }: { intro?: ReactNode; action?: ReactNode; children: ReactNode }) {
  return (
    <section className="card">
      {(intro || action) && (
        <div className="card-head row wrap">
          <p className="muted small grow">{intro}</p>
          {action}
        </div>
      )}
      <ul className="plain-list records">{children}</ul>
    </section>
  )
}

interface RecordProps {
  title: ReactNode
  /** Short facts, in one line where there is room. */
  children?: ReactNode
  actions?: ReactNode
}

export function Row({ title, children, actions }: RecordProps) {
  return (
    <li>
      <div className="facts">
        <h3 className="row wrap">{title}</h3>
        <p>{children}</p>
      </div>
      <div className="row wrap">{actions}</div>
    </li>
  )
}
