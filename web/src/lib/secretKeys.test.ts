import { expect, test } from 'vitest'
import { secretKeys } from './secretKeys'

test('the keys of a Secret are found beside their hidden values', () => {
  expect(secretKeys('kind: Secret\ndata:\n  password: "<hidden: 12 bytes>"\n  user: "<hidden: 4 bytes>"\n')).toEqual([
    'password',
    'user',
  ])
  expect([secretKeys('kind: Secret'), secretKeys('data: 3'), secretKeys('{')]).toEqual([[], [], []])
})
