import { expect, test } from 'vitest'
import { imageName, latestFirst, pinned, pullCommand, registryOf, shortDigest } from './images'

const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}`

test('a name is taken apart as Docker does it', () => {
  expect(imageName('nginx')).toMatchObject({ host: 'docker.io', repository: 'library/nginx', tag: undefined })
  expect(imageName('team/shop:1.2')).toMatchObject({ host: 'docker.io', repository: 'team/shop', tag: '1.2' })
  expect(imageName('127.0.0.1:5000/shop')).toMatchObject({ host: '127.0.0.1:5000', repository: 'shop', tag: undefined })
  expect(imageName(`[::1]:5000/team/shop:v1@${DIGEST}`)).toEqual({
    host: '[::1]:5000',
    repository: 'team/shop',
    tag: 'v1',
    digest: DIGEST,
  })
  expect(imageName('localhost/shop').host).toBe('localhost')
})

test('a pinned name has the digest in place of the tag', () => {
  expect(pinned('127.0.0.1:5000/shop:v1', DIGEST)).toBe(`127.0.0.1:5000/shop@${DIGEST}`)
  expect(pinned('127.0.0.1:5000/shop', DIGEST)).toBe(`127.0.0.1:5000/shop@${DIGEST}`)
  expect(pinned(`harbor.example.com/shop:v1@sha256:00`, DIGEST)).toBe(`harbor.example.com/shop@${DIGEST}`)
})

test('a name that a shell would run is no command to copy', () => {
  expect(pullCommand('harbor.example.com/team/shop:v1')).toBe('docker pull harbor.example.com/team/shop:v1')
  expect(pullCommand(`[::1]:5000/shop@${DIGEST}`)).toBe(`docker pull '[::1]:5000/shop@${DIGEST}'`)
  for (const evil of [
    'shop:v1;id',
    'shop:$(id)',
    'shop:`id`',
    'shop:v1 --help',
    '-v/:/host',
    'shop:v1\nid',
    'shop:***',
  ])
    expect(pullCommand(evil), evil).toBeNull()
})

test('a digest is known by its first figures', () => {
  expect(shortDigest(DIGEST)).toBe('sha256:0123456789ab')
  expect(shortDigest('nothing')).toBe('nothing')
})

test('an image is in the registry whose address begins its name, the longest one', () => {
  const registries = [
    { address: 'harbor.example.com' },
    { address: 'harbor.example.com/team' },
    { address: 'docker.io' },
  ]
  const found = (text: string) => registryOf(registries, imageName(text))?.address
  expect(found('harbor.example.com/team/shop')).toBe('harbor.example.com/team')
  expect(found('harbor.example.com/teams/shop')).toBe('harbor.example.com')
  expect(found('nginx')).toBe('docker.io')
  expect(found('harbor.example.com.evil.example/shop')).toBeUndefined()
})

test('tags come with the latest first', () => {
  expect(latestFirst(['v9', 'latest', 'v10', 'v10.1', 'alpine'])).toEqual(['latest', 'v10.1', 'v10', 'v9', 'alpine'])
})
