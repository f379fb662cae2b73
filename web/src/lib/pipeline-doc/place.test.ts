import { expect, test } from 'vitest'
import type { StepKind } from './catalogue'
import catalogue from './catalogue.fixture.json'
import { edit } from './draft'
import { leavePlace, meant } from './place'
import { parse } from './tree'
import { type PipelineView, viewOf } from './view'

const KINDS = catalogue as unknown as StepKind[]
const TEXT = `name: shop
steps:
  - name: deploy
    type: k8s_deploy
    config:
      cluster: staging
      namespace: shop # of the team
      manifest_path: k8s/
  - name: wait
    type: k8s_wait
    k8s_namespace: tests
    config: { resource_name: web }
  - name: scale
    type: k8s_scale
    config: { cluster: "{{ target }}", resource_name: "{{ name }}", replicas: 3 }
`
function view(text: string): PipelineView {
  const { tree } = parse(text)
  if (!tree) throw new Error('no YAML')
  return viewOf(tree)
}
const said = (index: number, key: string) => {
  const found = view(TEXT)
  const step = found.steps[index]
  if (!step) throw new Error('no step')
  return meant(found, KINDS, step, key)
}

test('a step works where it says, else where the nearest one before it does', () => {
  expect([said(0, 'cluster'), said(0, 'namespace')]).toEqual(['staging', 'shop'])
  expect([said(1, 'cluster'), said(1, 'namespace')]).toEqual(['staging', 'tests'])
})

test('where a cluster is filled in only when it runs, nothing is known of it', () => {
  expect(said(2, 'cluster')).toBeUndefined()
})

test('with the cluster goes what belonged to it, and nothing else', () => {
  let left: string[] = []
  const leave = (index: number) => {
    const result = edit(TEXT, draft => {
      left = leavePlace(draft, view(TEXT), KINDS, index)
    })
    if (!result.ok) throw new Error(`${result.reason}`)
    return result.text
  }
  const text = leave(0)
  expect(left).toEqual(['namespace'])
  expect(text).not.toContain('namespace: shop')
  expect(text).toContain('manifest_path: k8s/')
  expect(leave(1)).not.toMatch(/k8s_namespace|resource_name: web/)
  expect(left).toEqual(['namespace', 'resource_name'])
  leave(2)
  expect(left).toEqual([])
})
