import { expect, test } from 'vitest'
import { MOST_LINES, readLines, withLines } from './podLog'

const line = (text: string) => ({ pod: 'web-1', container: 'app', at: null, text })

test('lines are numbered as they come, and the oldest go', () => {
  const some = withLines([], [line('a'), line('b')])
  expect(withLines(some, [line('c')]).map(one => `${one.number} ${one.text}`)).toEqual(['1 a', '2 b', '3 c'])
  const many = withLines(
    some,
    Array.from({ length: MOST_LINES }, () => line('x')),
  )
  expect([many.length, many[0]?.number, many.at(-1)?.number]).toEqual([MOST_LINES, 3, MOST_LINES + 2])
})

test('what brings no lines brings none', () => {
  expect([readLines('{}'), readLines('{'), readLines('null'), readLines(4)]).toEqual([[], [], [], []])
  expect(readLines(JSON.stringify({ lines: [line('a')] }))).toEqual([line('a')])
})
