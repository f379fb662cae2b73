import { expect, test } from 'vitest'
import { detailsOf, toldOf } from './audit'

test('an entry is about an object in a cluster, or about the cluster', () => {
  expect(toldOf('staging: Secret/db')).toEqual({ cluster: 'staging', object: 'Secret/db' })
  expect(toldOf('staging: Pod/a: b')).toEqual({ cluster: 'staging', object: 'Pod/a: b' })
  expect(toldOf('cluster staging')).toEqual({ cluster: null, object: 'staging' })
})

test('what is remembered is told in pairs, without numbers of machines', () => {
  expect(detailsOf('secret.reveal', { namespace: 'shop', keys: ['user', 'password'] })).toEqual([
    ['namespace', 'shop'],
    ['keys', 'user, password'],
  ])
  expect(detailsOf('pod.exec', { namespace: null, container: 'app', command: ['sh', '-c', 'ls'] })).toEqual([
    ['container', 'app'],
    ['command', 'sh -c ls'],
  ])
  expect(detailsOf('cluster.update', { id: 'x', server: 's', verify_tls: false, revision: 3 })).toEqual([
    ['server', 's'],
    ['verify_tls', 'false'],
  ])
  expect(detailsOf('object.rollback', { revision: 3 })).toEqual([['revision', '3']])
  for (const odd of [null, 'x', [1]]) expect(detailsOf('a.b', odd)).toEqual([])
})
