// Which language is spoken, and where its words come from. Only the one that is shown is loaded.

import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import type { en } from './en'

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'common'
    resources: typeof en
  }
}

export type Language = 'en' | 'zh'
const KEPT = 'ansflow.language'

const words = {
  en: async () => (await import('./en')).en,
  zh: async () => (await import('./zh')).zh,
}

/** As remembered, else as the browser prefers. */
export function preferredLanguage(kept: string | null, browser: readonly string[]): Language {
  if (kept === 'en' || kept === 'zh') return kept
  const known = browser.map(tag => tag.toLowerCase()).find(tag => tag.startsWith('zh') || tag.startsWith('en'))
  return known?.startsWith('zh') ? 'zh' : 'en'
}

export async function startI18n(): Promise<void> {
  await i18next.use(initReactI18next).init({
    ns: ['common', 'audit', 'kube', 'runs', 'pipelines', 'registries', 'settings'],
    defaultNS: 'common',
    fallbackLng: false,
    interpolation: { escapeValue: false },
    resources: {},
  })
  await speak(preferredLanguage(localStorage.getItem(KEPT), navigator.languages))
}

/** Loads the words, then switches. */
export async function speak(language: Language): Promise<void> {
  for (const [namespace, values] of Object.entries(await words[language]())) {
    i18next.addResourceBundle(language, namespace, values, true, true)
  }
  await i18next.changeLanguage(language)
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en'
}

export function chooseLanguage(language: Language): Promise<void> {
  localStorage.setItem(KEPT, language)
  return speak(language)
}
