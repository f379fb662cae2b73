import { expect, test } from 'vitest'
import { contextsOf } from './kubeconfig'

const TWO = `
apiVersion: v1
kind: Config
current-context: staging
clusters:
- {name: a, cluster: {server: "https://10.0.0.5:6443"}}
contexts:
- {name: staging, context: {cluster: a, user: u, namespace: shop}}
- {name: lost, context: {cluster: gone, user: u}}
users: [{name: u, user: {token: secret}}]
`

test('the contexts of a kubeconfig are found, with where they lead', () => {
  expect(contextsOf(TWO)).toEqual({
    current: 'staging',
    all: [
      { name: 'staging', server: 'https://10.0.0.5:6443', namespace: 'shop' },
      { name: 'lost', server: null, namespace: null },
    ],
  })
})

test('a current context that is not there is none', () => {
  expect(contextsOf(TWO.replace('current-context: staging', 'current-context: other'))?.current).toBeNull()
})

test('half a kubeconfig, another document and a bomb are none', () => {
  const bomb = 'a: &a [x,x]\nb: &b [*a,*a]\ncontexts: [*b]'
  for (const text of ['', 'contexts: [', 'contexts: {}', 'contexts: [1, {}]', 'just words', bomb])
    expect(contextsOf(text), text).toBeNull()
})
