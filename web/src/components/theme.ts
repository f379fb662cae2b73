import { useSyncExternalStore } from 'react'
import type { Scheme, SchemeChoice } from '../lib/theme'

// The chosen colour scheme: remembered in the browser, otherwise the system's.

const KEPT = 'ansflow.theme'
const dark = () => matchMedia('(prefers-color-scheme: dark)')
const listeners = new Set<() => void>()

export function themeChoice(): SchemeChoice {
  const kept = localStorage.getItem(KEPT)
  return kept === 'light' || kept === 'dark' ? kept : 'system'
}

function scheme(): Scheme {
  const choice = themeChoice()
  return choice === 'system' ? (dark().matches ? 'dark' : 'light') : choice
}

/** Puts it on the document; called once before anything is drawn, and at each change. */
export function applyTheme(): void {
  document.documentElement.dataset.theme = scheme()
  for (const tell of listeners) tell()
}

export function chooseTheme(choice: SchemeChoice): void {
  if (choice === 'system') localStorage.removeItem(KEPT)
  else localStorage.setItem(KEPT, choice)
  applyTheme()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  const system = dark()
  system.addEventListener('change', applyTheme)
  return () => {
    listeners.delete(listener)
    system.removeEventListener('change', applyTheme)
  }
}

export function useTheme(): { scheme: Scheme; choice: SchemeChoice } {
  return { scheme: useSyncExternalStore(subscribe, scheme), choice: useSyncExternalStore(subscribe, themeChoice) }
}
