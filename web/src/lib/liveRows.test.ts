import { expect, test } from 'vitest'
import type { ObjectRow } from './kubeApi'
import { type LiveRows, type RowsNews, readRows, shownRows, take } from './liveRows'

const row = (uid: string, name: string, namespace = 'shop'): ObjectRow => ({
  uid,
  namespace,
  name,
  created_at: null,
  state: 'ready',
  message: null,
  cells: [],
})
const all = (...news: RowsNews[]) => news.reduce<LiveRows | null>(take, null)
const names = (live: LiveRows | null, search = '') => (live ? shownRows(live, search).map(one => one.name) : null)

test('a list is what it began as, with what changed since', () => {
  const live = all(
    { reset: true, columns: ['ready'], rows: [row('1', 'web'), row('2', 'api')] },
    { rows: [row('3', 'db')], gone: ['2'] },
    { rows: [{ ...row('1', 'web'), state: 'failed' }] },
  )
  expect(names(live)).toEqual(['db', 'web'])
  expect(live?.rows.get('1')?.state).toBe('failed')
  expect(live?.columns).toEqual(['ready'])
})

test('after a break everything is told again, and nothing old stays', () => {
  expect(names(all({ reset: true, rows: [row('1', 'web')] }, { reset: true, rows: [row('2', 'api')] }))).toEqual([
    'api',
  ])
})

test('one that is deleted and made again under its name is there once', () => {
  const live = all({ reset: true, rows: [row('1', 'web')] }, { gone: ['1'], rows: [row('9', 'web')] })
  expect(names(live)).toEqual(['web'])
})

test('what changes before the first list is not shown', () => {
  expect(all({ rows: [row('1', 'web')] })).toBeNull()
})

test('the order is that of the cluster, and a search finds a part in any case', () => {
  const live = all({ reset: true, rows: [row('1', 'b', 'x'), row('2', 'a', 'y'), row('3', 'Ab', 'x')] })
  expect(names(live)).toEqual(['Ab', 'b', 'a'])
  expect(names(live, 'B')).toEqual(['Ab', 'b'])
})

test('what is no JSON is no news', () => {
  expect([readRows('{'), readRows(3), readRows('1')]).toEqual([null, null, null])
})
