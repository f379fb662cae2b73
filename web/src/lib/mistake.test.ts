import { expect, test } from 'vitest'
import { lineOf } from './mistake'

test('the line of a mistake is the one that its sentence begins with', () => {
  expect(lineOf('line 14: a `:` is missing')).toBe(14)
  expect(lineOf('the text is about Deployment/a on line 3')).toBeNull()
  expect(lineOf('lines are missing')).toBeNull()
  expect(lineOf('')).toBeNull()
})
