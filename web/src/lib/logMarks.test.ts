import { expect, test } from 'vitest'
import { parseAnsi } from './ansi'
import { markPieces } from './logMarks'

const show = (text: string, ...marks: [number, number][]) =>
  markPieces(
    parseAnsi(text),
    marks.map(([start, end]) => ({ start, end })),
  )
    .map(piece => (piece.mark ? `[${piece.text}]` : piece.text))
    .join('|')

test('marks cut pieces', () => {
  expect(show('one two three', [4, 7])).toBe('one |[two]| three')
  expect(show('one two', [0, 3], [4, 7])).toBe('[one]| |[two]')
  expect(show('one', [0, 3])).toBe('[one]')
  expect(show('one', [7, 9])).toBe('one')
})

test('a mark may run over a change of colour', () => {
  const text = `er\u001b[31mror\u001b[0m here`
  expect(show(text, [0, 10])).toBe('[er]|[ror]| here')
})
