import fc from 'fast-check'
import { expect, test } from 'vitest'
import { CHUNK, type Line, LogStore, type Window } from './logStore'

const line = (number: number): Line => ({
  number,
  offset: (number - 1) * 10,
  at: '2026-03-02T10:00:00Z',
  stream: 'stdout',
  text: `line ${number}`,
})
const lines = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, at) => line(first + at))

/** A log of so many lines on the far side. Windows arrive when the test says so. */
class Far {
  asked: [number, number][] = []
  aborted = 0
  private waiting: (() => void)[] = []
  constructor(public total: number) {}

  load = (first: number, count: number, signal: AbortSignal): Promise<Window> => {
    this.asked.push([first, count])
    const total = this.total
    return new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => {
        this.aborted += 1
        reject(new DOMException('aborted', 'AbortError'))
      })
      this.waiting.push(() => resolve(this.window(first, Math.min(total, first + count - 1), total)))
    })
  }
  window(first: number, last: number, total = this.total): Window {
    return {
      lines: first > last ? [] : lines(first, last),
      total_lines: total,
      total_bytes: total * 10,
      next_offset: total * 10,
      ended: false,
    }
  }
  async arrive() {
    for (const act of this.waiting.splice(0)) act()
    await Promise.resolve()
    await Promise.resolve()
  }
}

function storeOf(far: Far, options: { chunks?: number; characters?: number } = {}): LogStore {
  const store = new LogStore({ load: far.load, ...options })
  store.take(far.window(1, 0))
  return store
}

test('what is wanted is fetched in whole chunks, with one on either side', async () => {
  const far = new Far(1_000_000)
  const store = storeOf(far)
  store.want(600_010, 600_060)
  expect(far.asked).toEqual([
    [600_001, CHUNK],
    [600_501, CHUNK],
    [599_501, CHUNK],
  ])
  await far.arrive()
  expect(store.line(600_010)?.text).toBe('line 600010')
  expect(store.line(1)).toBeUndefined()
  store.want(600_020, 600_070)
  expect(far.asked).toHaveLength(3)
})

test('who scrolls on does not wait for what he left', async () => {
  const far = new Far(1_000_000)
  const store = storeOf(far)
  for (let at = 1; at < 900_000; at += 10_000) store.want(at, at + 50)
  expect(store.held.flying).toBeLessThanOrEqual(3)
  expect(far.aborted).toBeGreaterThan(100)
  await far.arrive()
  expect(store.held.chunks).toBe(3)
})

test('however far one scrolls, memory stays bounded', async () => {
  const far = new Far(1_000_000)
  const store = storeOf(far, { chunks: 10 })
  for (let at = 1; at < 100_000; at += CHUNK) {
    store.want(at, at + 50)
    await far.arrive()
    expect(store.held.chunks).toBeLessThanOrEqual(10)
    expect(store.line(at)?.number).toBe(at)
  }
})

test('long lines count by their length', async () => {
  const far = new Far(100_000)
  const store = storeOf(far, { characters: 20_000 })
  for (let at = 1; at < 50_000; at += CHUNK) {
    store.want(at, at + 50)
    await far.arrive()
  }
  expect(store.held.characters).toBeLessThan(40_000)
})

test('a stream continues what is there', async () => {
  const far = new Far(700)
  const store = storeOf(far)
  store.want(650, 700)
  await far.arrive()
  store.append(lines(701, 1200), 12_000)
  expect(store.total).toBe(1200)
  expect(store.line(1000)?.number).toBe(1000)
  expect(store.line(1200)?.number).toBe(1200)
})

test('what a stream brings twice is taken once', () => {
  const store = storeOf(new Far(0))
  store.append(lines(1, 3), 30)
  store.append(lines(1, 3), 30)
  store.append(lines(2, 5), 50)
  expect(store.total).toBe(5)
  expect(store.line(4)?.text).toBe('line 4')
  expect(store.line(6)).toBeUndefined()
})

test('far from the end, what the stream brings is only counted', async () => {
  const far = new Far(10_000)
  const store = storeOf(far)
  store.want(1, 50)
  await far.arrive()
  store.append(lines(10_001, 10_600), 106_000)
  expect(store.total).toBe(10_600)
  expect(store.line(10_550)).toBeUndefined()
  far.total = 10_600
  store.want(10_550, 10_600)
  await far.arrive()
  expect(store.line(10_600)?.number).toBe(10_600)
})

test('a window that was asked for before the stream went on takes nothing away', async () => {
  const far = new Far(100)
  const store = storeOf(far)
  store.want(1, 100)
  store.append(lines(101, 150), 1500)
  await far.arrive()
  expect(store.line(100)?.number).toBe(100)
  far.total = 150
  store.want(101, 150)
  await far.arrive()
  expect(store.line(150)?.number).toBe(150)
})

test('in whatever order windows and news come, a line is found under its own number or not at all', async () => {
  const act = fc.oneof(
    fc.record({ do: fc.constant('want' as const), at: fc.integer({ min: 1, max: 6000 }) }),
    fc.record({ do: fc.constant('news' as const), at: fc.integer({ min: 1, max: 700 }) }),
    fc.record({ do: fc.constant('arrive' as const), at: fc.constant(0) }),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(act, { maxLength: 25 }), async acts => {
      const far = new Far(1200)
      const store = storeOf(far, { chunks: 5 })
      for (const one of acts) {
        if (one.do === 'want') store.want(one.at, one.at + 60)
        if (one.do === 'arrive') await far.arrive()
        if (one.do === 'news') {
          const first = far.total + 1
          far.total += one.at
          store.append(lines(first, far.total), far.total * 10)
        }
      }
      expect(store.total).toBe(far.total)
      for (let number = 1; number <= store.total; number += 1) {
        const found = store.line(number)
        if (found) expect(found.number).toBe(number)
      }
      const last = store.total
      // A window that was on its way may be older than the news; each arrival is drawn, and what is missing wanted again.
      for (let drawn = 0; drawn < 2; drawn += 1) {
        store.want(last - 60, last)
        await far.arrive()
      }
      expect(store.line(last)?.number).toBe(last)
    }),
    { numRuns: 60 },
  )
})
