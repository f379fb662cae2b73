import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  choose,
  contentHeight,
  drawn,
  type Geometry,
  MAX_HEIGHT,
  maxScroll,
  parseRange,
  placeOfLine,
  scrolled,
  scrollOf,
  walk,
} from './logScroll'

const geometry = (total: number, even = true): Geometry => ({ total, row: 20, viewport: 600, even })
const none = () => undefined

test('a million lines, and a hundred million, have a height that every browser can lay out', () => {
  for (const total of [1_000_000, 100_000_000]) expect(contentHeight(geometry(total))).toBe(MAX_HEIGHT)
  expect(contentHeight(geometry(1000))).toBe(20_000)
  expect(contentHeight(geometry(3))).toBe(600)
})

test('within the limit a pixel is a pixel', () => {
  const g = geometry(10_000)
  expect(scrolled({ top: 0, end: false }, 0, 4321, g, none).top).toBeCloseTo(4321 / 20)
  expect(scrollOf({ top: 4321 / 20, end: false }, g)).toBeCloseTo(4321)
})

test('beyond the limit a turn of the wheel still moves by its pixels, and the bar by its share', () => {
  const g = geometry(10_000_000)
  const place = { top: 5_000_000, end: false }
  const at = scrollOf(place, g)
  expect(scrolled(place, at, at + 100, g, none).top).toBeCloseTo(5_000_005)
  expect(scrolled(place, at, at - 100, g, none).top).toBeCloseTo(4_999_995)
  const far = scrolled(place, at, maxScroll(g) / 4, g, none)
  expect(far.top).toBeCloseTo((g.total - 30) / 4, 0)
})

test('both ends can be reached in every log, by dragging and by turning', () => {
  fc.assert(
    fc.property(fc.integer({ min: 31, max: 50_000_000 }), fc.boolean(), (total, even) => {
      const g = geometry(total, even)
      expect(scrolled({ top: 1, end: false }, 1, maxScroll(g), g, none)).toEqual({ top: 0, end: true })
      expect(scrolled({ top: 0, end: true }, maxScroll(g), 0, g, none)).toEqual({ top: 0, end: false })
      const near = { top: total - 32, end: false }
      let place = near
      for (let turn = 0; turn < 3 && !place.end; turn += 1) place = scrolled(place, 1000, 1100, { ...g }, () => 20)
      if (!even || total * 20 > MAX_HEIGHT) expect(place.end).toBe(true)
    }),
  )
})

test('where the bar is put for a place, that place is seen', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 100, max: 50_000_000 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (total, share) => {
        const g = geometry(total)
        const top = share * (total - 30)
        const bar = scrollOf({ top, end: false }, g)
        expect(bar).toBeLessThanOrEqual(maxScroll(g))
        const back = scrolled({ top: 0, end: false }, bar > 0 ? 0 : 5, bar, { ...g, even: true }, none)
        if (bar > 2 * g.viewport && bar < maxScroll(g) - 1) expect(Math.abs(back.top - top)).toBeLessThan(0.01)
      },
    ),
  )
})

test('walking goes by the heights of the lines, there and back', () => {
  const heights = (index: number) => 20 * (1 + (index % 4))
  const g = geometry(1000, false)
  expect(walk(0, 20, g, heights)).toBe(1)
  expect(walk(1, 20, g, heights)).toBe(1.5)
  expect(walk(0, 200, g, heights)).toBe(4)
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 5000 }), pixels => {
      expect(walk(walk(100, pixels, g, heights), -pixels, g, heights)).toBeCloseTo(100)
    }),
  )
  expect(walk(3, -1e9, g, heights)).toBe(0)
  expect(walk(3, 1e9, g, heights)).toBe(1000)
})

test('scrolling up ends the following, reaching the end begins it', () => {
  const g = geometry(5000)
  const up = scrolled({ top: 0, end: true }, maxScroll(g), maxScroll(g) - 60, g, none)
  expect(up).toEqual({ top: 5000 - 30 - 3, end: false })
  expect(scrolled(up, maxScroll(g) - 60, maxScroll(g), g, none).end).toBe(true)
})

test('a bar that we moved ourselves changes nothing', () => {
  const place = { top: 7, end: false }
  expect(scrolled(place, 500, 500, geometry(5000), none)).toBe(place)
})

test('only what is seen is drawn', () => {
  expect(drawn({ top: 0, end: true }, geometry(1_000_000), 10)).toEqual({ first: 999_959, end: 1_000_000 })
  expect(drawn({ top: 100.5, end: false }, geometry(1_000_000), 10)).toEqual({ first: 90, end: 141 })
  expect(drawn({ top: 0, end: false }, geometry(2), 10)).toEqual({ first: 0, end: 2 })
  expect(drawn({ top: 0, end: true }, geometry(0), 10)).toEqual({ first: 0, end: 0 })
})

test('a link to a line shows it with something before it', () => {
  expect(placeOfLine(1, geometry(5000)).top).toBe(0)
  expect(placeOfLine(1001, geometry(5000)).top).toBe(990)
  expect(placeOfLine(5000, geometry(5000)).top).toBe(4970)
})

test('ranges of lines', () => {
  expect(parseRange('12')).toEqual({ from: 12, to: 12 })
  expect(parseRange('20-12')).toEqual({ from: 12, to: 20 })
  expect(parseRange('0')).toBeNull()
  expect(parseRange(undefined)).toBeNull()
  expect(choose(null, 5, true)).toEqual({ from: 5, to: 5 })
  expect(choose({ from: 5, to: 5 }, 9, true)).toEqual({ from: 5, to: 9 })
  expect(choose({ from: 5, to: 9 }, 2, true)).toEqual({ from: 2, to: 9 })
  expect(choose({ from: 5, to: 9 }, 7, false)).toEqual({ from: 7, to: 7 })
})
