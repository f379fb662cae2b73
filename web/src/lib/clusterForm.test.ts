import { expect, test } from 'vitest'
import { inputOf, NEW_CLUSTER, needsCredential, tested, valuesOf } from './clusterForm'
import type { ClusterView } from './kubeApi'

const known = {
  id: 'cl_1',
  name: 'staging',
  description: '',
  kind: 'k3s',
  server: 'https://10.0.0.5:6443',
  auth: 'token',
  facts: {},
  verify_tls: true,
  tls_server_name: null,
  proxy: null,
  namespace: 'shop',
} as unknown as ClusterView

test('only what the chosen method needs is sent', () => {
  const all = {
    ...NEW_CLUSTER,
    server: 'https://a',
    token: ' t ',
    kubeconfig: 'k',
    certificate: 'c',
    key: 'y',
    ca: 'pem',
  }
  const sent = (method: typeof all.method) => {
    const { server, credential, ca } = inputOf({ ...all, method })
    return { server, credential, ca }
  }
  expect(sent('token')).toEqual({ server: 'https://a', credential: { method: 'token', token: 't' }, ca: 'pem' })
  expect(sent('kubeconfig')).toEqual({
    server: '',
    credential: { method: 'kubeconfig', text: 'k', context: null },
    ca: null,
  })
  expect(sent('certificate').credential).toEqual({ method: 'certificate', certificate: 'c', key: 'y' })
  expect(sent('in_cluster')).toEqual({ server: '', credential: { method: 'in_cluster' }, ca: null })
})

test('a stored credential is kept while nothing says where else it would go', () => {
  const values = valuesOf(known)
  expect(needsCredential(values, known)).toBe(false)
  expect(inputOf(values).credential).toBeNull()
  expect(needsCredential({ ...values, server: 'https://elsewhere' }, known)).toBe(true)
  expect(needsCredential({ ...values, verify_tls: false }, known)).toBe(true)
  expect(needsCredential({ ...values, method: 'certificate' }, known)).toBe(true)
  expect(needsCredential({ ...values, method: 'in_cluster' }, known)).toBe(false)
  expect(needsCredential(NEW_CLUSTER, null)).toBe(true)
})

test('a new name needs no new test, another address does', () => {
  const values = valuesOf(known)
  expect(tested(inputOf({ ...values, name: 'other' }))).toBe(tested(inputOf(values)))
  expect(tested(inputOf({ ...values, server: 'https://b' }))).not.toBe(tested(inputOf(values)))
})
