import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { en } from './en'
import { preferredLanguage } from './i18n'
import { zh } from './zh'

function leaves(tree: object, path = ''): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]) => {
    const at = path === '' ? key : `${path}.${key}`
    return typeof value === 'string' ? [[at, value] as [string, string]] : leaves(value, at)
  })
}

const english = leaves(en)
const chinese = leaves(zh)
const holes = (text: string) => [...text.matchAll(/\{\{(\w+)/g)].map(found => found[1]).sort()

test('both languages have the same keys', () => {
  // Chinese knows no singular.
  const keys = english.map(([key]) => key).filter(key => !key.endsWith('_one'))
  expect(chinese.map(([key]) => key).sort()).toEqual(keys.sort())
})

test('both languages fill in the same values, and no text is empty', () => {
  const other = new Map(english)
  for (const [key, text] of chinese) {
    expect(text, key).not.toBe('')
    expect(holes(text), key).toEqual(holes(other.get(key) ?? ''))
  }
})

test('every English plural has a singular', () => {
  const keys = new Set(english.map(([key]) => key))
  const alone = [...keys].filter(key => key.endsWith('_other') && !keys.has(key.replace(/_other$/, '_one')))
  expect(alone).toEqual([])
})

test('no Chinese stands in a component', () => {
  const root = join(import.meta.dirname, '..')
  const found = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter(file => file.endsWith('.tsx') && !file.endsWith('.test.tsx'))
    .filter(file => /\p{Script=Han}/u.test(readFileSync(join(root, file), 'utf8')))
  expect(found).toEqual([])
})

test('the language is the remembered one, else the first known of the browser, else English', () => {
  expect(preferredLanguage('zh', ['en'])).toBe('zh')
  expect(preferredLanguage(null, ['fr', 'zh-Hans-CN', 'en'])).toBe('zh')
  expect(preferredLanguage(null, ['en-GB', 'zh'])).toBe('en')
  expect(preferredLanguage('xx', ['de'])).toBe('en')
})
