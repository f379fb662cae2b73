import { useState } from 'react'

/** A switch that this browser remembers. */
export function useKept(key: string, otherwise: boolean): [boolean, (on: boolean) => void] {
  const [on, set] = useState(() => (localStorage.getItem(key) ?? String(otherwise)) === 'true')
  return [
    on,
    next => {
      localStorage.setItem(key, String(next))
      set(next)
    },
  ]
}
