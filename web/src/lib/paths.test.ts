import { expect, test } from 'vitest'
import { localPath, registrySearch, runSearch, runsSearch } from './places'
import { parseSearch, stringifySearch } from './search'

test('a search survives its URL', () => {
  const places = { step: '构建 & 测试', line: '12-20', view: 'graph', attempt: 2 }
  expect(runSearch(parseSearch(stringifySearch(places)))).toMatchObject(places)
  const filters = { status: ['running', 'failed'], branch: 'feature/a,b', search: '12' }
  expect(runsSearch(parseSearch(stringifySearch(filters)))).toMatchObject(filters)
  const image = { repository: 'team/shop', tag: '1.10', filter: '1.1' }
  expect(registrySearch(parseSearch(stringifySearch(image)))).toMatchObject(image)
})

test('a URL stays readable', () => {
  expect(stringifySearch({ status: ['failed', 'running'], branch: 'a/b', empty: '', none: undefined })).toBe(
    '?status=failed,running&branch=a/b',
  )
  expect(stringifySearch({})).toBe('')
})

test('unknown values are left out', () => {
  expect(runsSearch({ status: 'exploded,failed', trigger: 'moon', period: '1y' })).toEqual({ status: ['failed'] })
  expect(runSearch({ line: '1; drop', tab: 'x', attempt: '-3' })).toEqual({})
})

test('after signing in only a path of this site is gone to', () => {
  expect(localPath('/runs/run_1?step=a')).toBe('/runs/run_1?step=a')
  for (const evil of [
    '//evil.example',
    '/\\evil.example',
    'https://evil.example',
    'javascript:alert(1)',
    '/\t/evil',
    '',
  ]) {
    expect(localPath(evil), evil).toBeUndefined()
  }
})
