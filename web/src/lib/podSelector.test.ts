import { expect, test } from 'vitest'
import { podSelector } from './podSelector'

const of = (selector: object) => podSelector(JSON.stringify({ spec: { selector } }))

test('labels and expressions find pods as the API writes them', () => {
  expect(of({ matchLabels: { app: 'web', tier: 'front' } })).toBe('app=web,tier=front')
  const matchExpressions = [
    { key: 'app', operator: 'In', values: ['a', 'b'] },
    { key: 'old', operator: 'DoesNotExist' },
    { key: 'new', operator: 'Exists' },
  ]
  expect(of({ matchExpressions })).toBe('app in (a,b),!old,new')
})

test('what is not understood finds nothing, rather than pods of others', () => {
  expect(of({ matchLabels: { app: 'web' }, matchExpressions: [{ key: 'x', operator: 'Near' }] })).toBeNull()
  expect([of({}), podSelector('kind: Pod'), podSelector('{'), podSelector('spec: 3')]).toEqual([null, null, null, null])
})
