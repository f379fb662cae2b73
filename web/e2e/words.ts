// The words of the pages, to find things by what people read.

import { en } from '../src/i18n/en'
import type { Translation } from '../src/i18n/words'
import { zh } from '../src/i18n/zh'

export type Language = 'en' | 'zh'
/** What both languages have. */
export type Words = Translation<typeof en>
export const words: Record<Language, Words> = { en, zh }

/** A text of the dictionaries with its holes filled. */
export function fill(text: string, values: Record<string, string | number>): string {
  return text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => String(values[name] ?? ''))
}
