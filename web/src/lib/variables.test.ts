import { expect, it } from 'vitest'
import { asText, fromText } from './variables'

it('keeps the type of what it was', () => {
  expect(fromText('4', 3)).toBe(4)
  expect(fromText('4', '3')).toBe('4')
  expect(fromText('four', 3)).toBe('four')
  expect(fromText('[1,2]', [1])).toEqual([1, 2])
  expect(fromText('false', true)).toBe(false)
  expect(fromText('x', null)).toBe('x')
  expect(fromText('', null)).toBeNull()
})
it('loses no digit', () => {
  expect(fromText('12345678901234567890', 1)).toBe('12345678901234567890')
  expect(fromText('1.0', 1)).toBe('1.0')
})
it('shows every value', () => {
  expect([asText('a'), asText(1), asText(null), asText({ a: 1 })]).toEqual(['a', '1', '', '{"a":1}'])
})
