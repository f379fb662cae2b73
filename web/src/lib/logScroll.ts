// Which lines a scroll bar shows. A place is a line, not a pixel: a browser's elements end at some ten million pixels,
// and wrapped lines have heights that nobody knows before they are drawn.
//
// Small movements go by the pixels of the lines that are there, large ones (dragging the bar, Home, End) by the share
// of the whole. While both agree — every line one row, everything within the limit — they are the same.

/** Below what Chromium (33.5 million px) and Firefox (17.8 million px) can lay out. */
export const MAX_HEIGHT = 12_000_000

export interface Geometry {
  /** Lines in all. */
  total: number
  /** Height of an unwrapped line. */
  row: number
  /** Height of what is seen. */
  viewport: number
  /** Every line takes one row. */
  even: boolean
}

export interface Place {
  /** The first line that is seen, from 0; its fraction is what has gone out of sight. */
  top: number
  /** The end is shown, and will be when more is written: the follow mode. */
  end: boolean
}

/** Height of line number `index` (from 0), when it is on the page. */
export type HeightOf = (index: number) => number | undefined

export const contentHeight = ({ total, row, viewport }: Geometry): number =>
  Math.max(viewport, Math.min(total * row, MAX_HEIGHT))

export const maxScroll = (g: Geometry): number => contentHeight(g) - g.viewport

const maxTop = ({ total, row, viewport }: Geometry): number => Math.max(0, total - viewport / row)

/** Pixels and lines have a fixed relation: the bar alone says where we are. */
const exact = (g: Geometry): boolean => g.even && g.total * g.row <= MAX_HEIGHT

/** Where the bar stands for a place. */
export function scrollOf(place: Place, g: Geometry): number {
  const most = maxTop(g)
  if (place.end || most === 0) return maxScroll(g)
  return Math.min(1, place.top / most) * maxScroll(g)
}

const topOf = (scroll: number, g: Geometry): number => {
  const most = maxScroll(g)
  return most <= 0 ? 0 : Math.min(1, Math.max(0, scroll / most)) * maxTop(g)
}

/** `pixels` further down (or up) from a place, by the true heights of the lines in between. */
export function walk(top: number, pixels: number, g: Geometry, heightOf: HeightOf): number {
  const height = (index: number) => (g.even ? g.row : (heightOf(index) ?? g.row))
  let at = Math.min(Math.max(top, 0), g.total)
  let left = Math.abs(pixels)
  while (left > 0) {
    if (pixels > 0) {
      const index = Math.floor(at)
      if (index >= g.total) return g.total
      const rest = (index + 1 - at) * height(index)
      if (left < rest) return at + left / height(index)
      left -= rest
      at = index + 1
    } else {
      const index = Math.ceil(at) - 1
      if (index < 0) return 0
      const rest = (at - index) * height(index)
      if (left < rest) return at - left / height(index)
      left -= rest
      at = index
    }
  }
  return at
}

/** The first line that is seen, also in follow mode. */
export const topOfPlace = (place: Place, g: Geometry, heightOf: HeightOf): number =>
  place.end ? walk(g.total, -g.viewport, g, heightOf) : place.top

/** The bar was moved from `from` to `to`. */
export function scrolled(place: Place, from: number, to: number, g: Geometry, heightOf: HeightOf): Place {
  const moved = to - from
  if (Math.abs(moved) < 0.5) return place
  if (moved > 0 && to >= maxScroll(g) - 1) return atEnd
  if (exact(g)) return { top: topOf(to, g), end: false }
  if (to <= 0) return { top: 0, end: false }
  if (Math.abs(moved) > 2 * g.viewport) return { top: topOf(to, g), end: false }
  const top = walk(topOfPlace(place, g, heightOf), moved, g, heightOf)
  const reached = moved > 0 && walk(top, g.viewport, g, heightOf) >= g.total
  return reached ? atEnd : { top, end: false }
}

export const atEnd: Place = { top: 0, end: true }

/** Shows a line (from 1) a third from above, or the end when nothing is left below it. */
export function placeOfLine(line: number, g: Geometry): Place {
  const top = Math.max(0, line - 1 - g.viewport / g.row / 3)
  return { top: Math.min(top, maxTop(g)), end: false }
}

/** The lines to draw, from 0, end excluded: what is seen and `spare` on either side. */
export function drawn(place: Place, g: Geometry, spare: number): { first: number; end: number } {
  const rows = Math.ceil(g.viewport / g.row) + 1
  if (place.end) return { first: Math.max(0, g.total - rows - spare), end: g.total }
  const first = Math.floor(Math.min(place.top, Math.max(0, g.total - 1)))
  return { first: Math.max(0, first - spare), end: Math.min(g.total, first + rows + spare) }
}

/** `12` or `12-20`, both ends included, the smaller first. */
export interface Range {
  from: number
  to: number
}

export function parseRange(text: string | undefined): Range | null {
  const found = text?.match(/^(\d+)(?:-(\d+))?$/)
  if (!found) return null
  const one = Number(found[1])
  const other = found[2] === undefined ? one : Number(found[2])
  return one < 1 || other < 1 ? null : { from: Math.min(one, other), to: Math.max(one, other) }
}

export const formatRange = ({ from, to }: Range): string => (from === to ? `${from}` : `${from}-${to}`)

/** A click on a line's number; with shift, from where the choice began to here. */
export function choose(before: Range | null, line: number, extend: boolean): Range {
  if (!extend || !before) return { from: line, to: line }
  return line < before.from ? { from: line, to: before.to } : { from: before.from, to: line }
}
