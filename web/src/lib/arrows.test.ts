// Who may import whom, read from the sources: pages → components → ui → lib; pages never import pages.

import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { expect, test } from 'vitest'

const ROOT = join(import.meta.dirname, '..')

const ALLOWED: Record<string, string[]> = {
  pages: ['api', 'components', 'ui', 'lib', 'i18n'],
  components: ['api', 'components', 'ui', 'lib', 'i18n'],
  api: ['api', 'lib'],
  ui: ['ui', 'lib'],
  lib: ['lib'],
  i18n: ['i18n'],
}

const files = readdirSync(ROOT, { recursive: true, encoding: 'utf8' }).filter(file => /\.tsx?$/.test(file))

function importsOf(file: string): string[] {
  const source = readFileSync(join(ROOT, file), 'utf8')
  return [...source.matchAll(/(?:from|import|import\()\s*['"](\.[^'"]+)['"]/g)].map(found =>
    normalize(join(dirname(file), found[1] ?? '')),
  )
}

const layer = (file: string) => file.split('/')[0] ?? ''

test('imports follow the arrows', () => {
  const wrong = files
    .filter(file => layer(file) in ALLOWED)
    .flatMap(file =>
      importsOf(file)
        .filter(target => {
          const to = layer(target)
          // A page may be cut into several files of its own folder.
          if (layer(file) === 'pages' && to === 'pages')
            return dirname(file) !== dirname(target) || /Page$/.test(target)
          return !ALLOWED[layer(file)]?.includes(to)
        })
        .map(target => `${file} → ${target}`),
    )
  expect(wrong).toEqual([])
})

test('ui and lib know neither the server nor the router, lib no React either', () => {
  const wrong = files
    .filter(file => !file.includes('.test.'))
    .filter(file => {
      const source = readFileSync(join(ROOT, file), 'utf8')
      if (layer(file) === 'ui') return /from '@tanstack\/react-(query|router)'/.test(source)
      if (layer(file) === 'lib')
        return /from '(react|react-dom|antd|i18next|react-i18next|@tanstack\/react-(query|router))['/]/.test(source)
      return false
    })
  expect(wrong).toEqual([])
})

test('files stay small', () => {
  const long = files
    .filter(file => !file.includes('i18n/') && !/schema\.d\.ts$/.test(file))
    .map(file => [file, readFileSync(join(ROOT, file), 'utf8').split('\n').length] as const)
    .filter(([, lines]) => lines > 301)
  expect(long).toEqual([])
})
