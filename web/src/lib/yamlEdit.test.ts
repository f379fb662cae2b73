import { expect, test } from 'vitest'
import { broughtUp, sameWishes } from './yamlEdit'

const text = (version: string, replicas: number, status: string) => `apiVersion: apps/v1
metadata:
  name: web
  generation: 3
  resourceVersion: "${version}"
spec:
  replicas: ${replicas}
  generation: mine
status:
  phase: ${status}
`

test('what the cluster counts is no change of somebody else', () => {
  expect(sameWishes(text('1', 2, 'a'), text('9', 2, 'b'))).toBe(true)
  expect(sameWishes(text('1', 2, 'a'), text('1', 3, 'a'))).toBe(false)
  // Only the cluster's own counter has no say.
  expect(sameWishes(text('1', 2, 'a'), text('1', 2, 'a').replace('generation: mine', 'generation: other'))).toBe(false)
})

test('a draft goes on with the newer version', () => {
  expect(broughtUp(text('1', 4, 'a'), '9')).toBe(text('9', 4, 'a'))
})
