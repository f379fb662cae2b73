import Tooltip from 'antd/es/tooltip'
import type { ReactNode } from 'react'

interface Props {
  on: boolean
  onChange: (on: boolean) => void
  /** What it does; the button shows only `children`. */
  name: string
  children: ReactNode
}

/** A small button that is on or off. */
export function Toggle({ on, onChange, name, children }: Props) {
  return (
    <Tooltip title={name}>
      <button type="button" className="toggle" aria-pressed={on} aria-label={name} onClick={() => onChange(!on)}>
        {children}
      </button>
    </Tooltip>
  )
}
