import { expect, test } from 'vitest'
import { sinceOf } from './period'
import { bytes, percent } from './size'
import { absolute, duration, lasted, relative } from './time'
import { stacked, successRate } from './trend'

test('bars stand on top of each other', () => {
  const day = { day: '2026-03-02', success: 5, failed: 2, timed_out: 1, cancelled: 4 }
  expect(stacked([day])).toEqual([[Date.UTC(2026, 2, 2) / 1000], [12], [8], [5]])
})

test('a cancelled run neither succeeded nor failed', () => {
  expect(successRate({ success: 3, failed: 1, timed_out: 0 })).toBe(0.75)
  expect(successRate({ success: 0, failed: 0, timed_out: 0 })).toBeNull()
})

test('a period begins so long ago', () => {
  expect(sinceOf('24h', Date.UTC(2026, 0, 2))).toBe('2026-01-01T00:00:00.000Z')
  expect(sinceOf(undefined, 0)).toBeUndefined()
})

test.each([
  [0, '0s', '0 秒'],
  [640, '0.6s', '0.6 秒'],
  [9_949, '9.9s', '9.9 秒'],
  [9_960, '10s', '10 秒'],
  [59_600, '1m', '1 分'],
  [183_000, '3m 3s', '3 分 3 秒'],
  [3_600_000, '1h', '1 小时'],
  [7_384_000, '2h 3m', '2 小时 3 分'],
  [90_000_000, '1d 1h', '1 天 1 小时'],
])('%i ms is %s', (ms, en, zh) => {
  expect(duration(ms, 'en')).toBe(en)
  expect(duration(ms, 'zh')).toBe(zh)
})

test('times are told from now', () => {
  const now = Date.UTC(2026, 0, 2)
  expect(relative(now - 3_000, now, 'en')).toBe('just now')
  expect(relative(now - 42_000, now, 'en')).toBe('42 seconds ago')
  expect(relative(now - 3 * 60_000, now, 'en')).toBe('3 minutes ago')
  expect(relative(now + 2 * 3_600_000, now, 'en')).toBe('in 2 hours')
  expect(relative(now - 86_400_000, now, 'en')).toBe('yesterday')
  expect(relative(now - 3 * 60_000, now, 'zh')).toBe('3分钟前')
  expect(absolute(now, 'en')).toContain('2026')
})

test('what has not ended lasts until now', () => {
  expect(lasted('2026-01-01T00:00:00Z', null, Date.UTC(2026, 0, 1, 0, 1))).toBe(60_000)
  expect(lasted('2026-01-01T00:00:00Z', '2026-01-01T00:00:02Z', 0)).toBe(2_000)
  expect(lasted(null, null, 0)).toBeNull()
})

test('sizes and shares', () => {
  expect([0, 999, 1_000, 48_213, 1_204_551, 999_960].map(bytes)).toEqual([
    '0 B',
    '999 B',
    '1 kB',
    '48.2 kB',
    '1.2 MB',
    '1 MB',
  ])
  expect(percent(0.1284, 'en')).toBe('12.8%')
})
