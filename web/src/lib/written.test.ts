import { expect, test } from 'vitest'
import { beside } from './written'

const made = (after: string, kind = 'Service', name = 'web') => ({ kind, namespace: 'shop', name, after, warnings: [] })
const AFTER = `apiVersion: v1
kind: Service
metadata:
  name: web
  namespace: shop
spec:
  type: ClusterIP
  ports:
    - port: 80
      protocol: TCP
`

test('only what the cluster adds differs from what was written', () => {
  const written =
    'kind: Other\n---\nspec: { ports: [{ port: 80 }] }\nkind: Service\nmetadata: { name: web }\napiVersion: v1\n'
  const { before, after } = beside(written, made(AFTER))
  expect(before).toBe('apiVersion: v1\nkind: Service\nmetadata:\n  name: web\nspec:\n  ports:\n    - port: 80\n')
  expect(after).toBe(AFTER)
  const added = after.split('\n').filter(line => !before.split('\n').includes(line))
  expect(added).toEqual(['  namespace: shop', '  type: ClusterIP', '      protocol: TCP'])
})

test('an item of a list is found, and what the cluster drops stays before', () => {
  const written = 'kind: List\nitems: [{ kind: Service, metadata: { name: web }, extra: 1 }]'
  expect(beside(written, made(AFTER)).before).toBe('kind: Service\nmetadata:\n  name: web\nextra: 1\n')
})

test('what is not found, or cannot be read, has nothing before', () => {
  for (const written of ['kind: Service\nmetadata: { name: other }', 'a: [', '']) {
    expect(beside(written, made(AFTER))).toEqual({ before: '', after: AFTER })
  }
})
