import { expect, test } from 'vitest'
import { queue } from './queue'

/** Work that ends when it is told to, and what has begun so far. */
function works(enter = queue(2)) {
  const begun: string[] = []
  const ends = new Map<string, () => void>()
  const begin = (name: string, signal?: AbortSignal) =>
    enter(() => {
      begun.push(name)
      return new Promise<string>(done => ends.set(name, () => done(name)))
    }, signal)
  return { begun, begin, end: (name: string) => ends.get(name)?.() }
}

const settled = () => new Promise(done => setTimeout(done))

test('no more than so many are at it, and each gets its turn', async () => {
  const { begun, begin, end } = works()
  const all = ['a', 'b', 'c', 'd'].map(name => begin(name))
  await settled()
  expect(begun).toEqual(['a', 'b'])
  end('b')
  await settled()
  expect(begun).toEqual(['a', 'b', 'c'])
  for (const name of ['a', 'c']) end(name)
  await settled()
  end('d')
  expect(await Promise.all(all)).toEqual(['a', 'b', 'c', 'd'])
})

test('whoever leaves the row does not begin, and keeps nobody from it', async () => {
  const { begun, begin, end } = works(queue(1))
  const [first, leaver] = [begin('a'), new AbortController()]
  const left = begin('b', leaver.signal)
  const last = begin('c')
  leaver.abort(new Error('gone'))
  await expect(left).rejects.toThrow('gone')
  await expect(begin('d', leaver.signal)).rejects.toThrow('gone')
  end('a')
  await first
  await settled()
  expect(begun).toEqual(['a', 'c'])
  end('c')
  expect(await last).toBe('c')
})

test('a failure frees the place', async () => {
  const enter = queue(1)
  await expect(enter(() => Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect(await enter(async () => 'yes')).toBe('yes')
})
