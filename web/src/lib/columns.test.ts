import { expect, it } from 'vitest'
import { columns } from './columns'

it('puts each step right of what it waits for', () => {
  expect(columns([[], [0], [0], [1, 2]]).map(one => [one.column, one.row])).toEqual([
    [0, 0],
    [1, 0],
    [1, 1],
    [2, 0],
  ])
})
it('is not caught in a circle', () => {
  expect(columns([[1], [0]])).toHaveLength(2)
})
