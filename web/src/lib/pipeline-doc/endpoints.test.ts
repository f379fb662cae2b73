import { expect, test } from 'vitest'
import { type Endpoint, endpointsOf, endpointsValue } from './endpoints'
import { fromJson, same, type Value } from './value'

type What = 'ports' | 'volumes'

const shown = (what: What, json: unknown) =>
  endpointsOf(what, fromJson(json))?.map(
    ({ host, container, extra, whole }) => whole ?? [host, container, extra].join('|'),
  )

/** What is written when the first row's host is changed. */
function changed(what: What, json: unknown, host: string): Value {
  const old = fromJson(json)
  const [first, ...rest] = endpointsOf(what, old) ?? []
  return endpointsValue(what, [{ ...(first as Endpoint), host }, ...rest], old)
}

test('ports are shown in every shape that a pipeline may give them', () => {
  expect(shown('ports', [{ host: 8080, container: 80 }])).toEqual(['8080|80|'])
  expect(shown('ports', ['8080:80/udp', 443])).toEqual(['8080|80|udp', '|443|'])
  expect(shown('ports', '8080:80, 443')).toEqual(['8080|80|', '|443|'])
  expect(shown('ports', { 80: 8080, 443: 8443 })).toEqual(['8080|80|', '8443|443|'])
  expect(shown('ports', { '53/udp': 53 })).toEqual(['53|53|udp'])
  expect(shown('ports', { host: 8080, container: 80 })).toEqual(['8080|80|'])
  expect(shown('ports', [{ host_port: 8080, target: 80, protocol: 'udp' }])).toEqual(['8080|80|udp'])
  expect(shown('ports', ['127.0.0.1:8080:80', '{{ port }}:80'])).toEqual(['127.0.0.1:8080:80', '{{ port }}:80'])
})

test('volumes are shown in every shape that a pipeline may give them', () => {
  expect(shown('volumes', [{ host: './data', container: '/data', mode: 'ro' }])).toEqual(['./data|/data|ro'])
  expect(shown('volumes', ['./data:/data:rw', 'cache:/cache'])).toEqual(['./data|/data|rw', 'cache|/cache|'])
  expect(shown('volumes', { './data': '/data' })).toEqual(['./data|/data|'])
  expect(shown('volumes', { './data': '/data:ro' })).toEqual(['./data|/data|ro'])
  expect(shown('volumes', { source: './data', target: '/data' })).toEqual(['./data|/data|'])
  expect(shown('volumes', [{ host_path: './data', container_path: '/data' }])).toEqual(['./data|/data|'])
})

test('what the fields cannot say is not shown in them', () => {
  expect(shown('ports', [{ host: 80, container: 80, address: '127.0.0.1' }])).toBeUndefined()
  expect(shown('volumes', [{ host: 'a', source: 'b', container: '/c' }])).toBeUndefined()
  expect(shown('volumes', [{ host: './a', container: '/a', read_only: true }])).toBeUndefined()
})

test('a change keeps the shape and the words in which it is written', () => {
  const says = (value: Value, json: unknown) => expect(same(value, fromJson(json)), JSON.stringify(json)).toBe(true)
  says(changed('ports', [{ host_port: 8080, container_port: 80 }, '443'], '9090'), [
    { host_port: 9090, container_port: 80 },
    '443',
  ])
  says(changed('ports', { host: 8080, container: 80 }, '9090'), { host: 9090, container: 80 })
  says(changed('ports', { 80: 8080 }, '9090'), { 80: '9090' })
  says(changed('volumes', { './a': '/a:ro' }, './b'), { './b': '/a:ro' })
  says(changed('ports', ['8080:80'], '9090'), ['9090:80'])
  says(changed('volumes', { source: './a', target: '/a' }, './b'), { source: './b', target: '/a' })
  says(changed('volumes', ['./a:/a:ro'], './b'), ['./b:/a:ro'])
})
