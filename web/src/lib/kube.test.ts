import { expect, test } from 'vitest'
import { age, KNOWN, kindOf, kindOfWord, quantity, shapeOf, slugOf, slugOfWord, toneOf } from './kube'

const NOW = Date.parse('2026-03-02T10:00:00Z')
const before = (seconds: number) => new Date(NOW - seconds * 1000).toISOString()

test('ages have one unit, or two while they are small', () => {
  const said = (seconds: number) => age(before(seconds), NOW)
  expect([0, 59, 60, 359, 3600, 12_000, 86_400 * 2 + 4 * 3600, 86_400 * 120].map(said)).toEqual([
    '0s',
    '59s',
    '1m',
    '5m',
    '1h',
    '3h20m',
    '2d4h',
    '120d',
  ])
  expect(age(null, NOW)).toBe('–')
  expect(age('soon', NOW)).toBe('–')
  // Clocks differ a little.
  expect(said(-5)).toBe('0s')
})

test('quantities are numbers with one of the suffixes that Kubernetes knows', () => {
  expect(quantity('500m')).toBe(0.5)
  expect(quantity('64Mi')).toBe(67_108_864)
  expect(quantity('1e3')).toBe(1000)
  expect(quantity('2G')).toBe(2e9)
  expect(quantity('2g')).toBeUndefined()
  expect(quantity('')).toBeUndefined()
})

test('every kind of the list is found again by its address', () => {
  for (const kind of KNOWN) expect(kindOf(slugOf(kind))).toBe(kind)
  const custom = {
    group: 'cert-manager.io',
    version: 'v1',
    kind: 'Certificate',
    plural: 'certificates',
    namespaced: true,
    verbs: [],
  }
  expect(slugOf(custom)).toBe('certificates.cert-manager.io')
  expect(kindOf('certificates.cert-manager.io', [custom])).toBe(custom)
  expect(kindOf('certificates.cert-manager.io')).toBeUndefined()
})

test('a kind of another group that has the name of a known one keeps its group', () => {
  const knative = {
    group: 'serving.knative.dev',
    version: 'v1',
    kind: 'Service',
    plural: 'services',
    namespaced: true,
    verbs: [],
  }
  expect(slugOf(knative)).toBe('services.serving.knative.dev')
})

test('the address of an object is known by the word of its kind', () => {
  expect(slugOfWord('Pod')).toBe('pods')
  expect(slugOfWord('ReplicaSet')).toBe('replicasets.apps')
  expect(slugOfWord('Certificate')).toBeUndefined()
})

test('a state that is not known yet looks unknown', () => {
  expect([shapeOf('hibernating'), toneOf('hibernating')]).toEqual(['pending', 'quiet'])
  expect([shapeOf('failed'), toneOf('failed')]).toEqual(['failed', 'bad'])
})

test('a kind is found by any word for it', () => {
  expect(['deployment', 'Deployments', 'POD'].map(word => kindOfWord(word)?.plural)).toEqual([
    'deployments',
    'deployments',
    'pods',
  ])
  expect(kindOfWord('certificate')).toBeUndefined()
})
