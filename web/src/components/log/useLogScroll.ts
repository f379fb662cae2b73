import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { type Geometry, type Place, scrolled, scrollOf } from '../../lib/logScroll'

export const ROW = 20
/** After so many milliseconds without movement the bar is put where the shown lines belong (see lib/logScroll.ts). */
const STILL = 150

interface Refs {
  scroll: RefObject<HTMLDivElement | null>
  rows: RefObject<HTMLDivElement | null>
}

/** Couples the scroll bar with the place in the log. */
export function useLogScroll(refs: Refs, total: number, even: boolean, begin: (g: Geometry) => Place) {
  const [viewport, setViewport] = useState(0)
  const geometry: Geometry = { total, row: ROW, viewport, even }
  const [place, setPlace] = useState<Place | null>(null)
  /** Where the bar stood last, by our own hand or the reader's. */
  const bar = useRef(0)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)

  // Known only once it is drawn.
  if (place === null && viewport > 0 && total > 0) setPlace(begin(geometry))

  const latest = useRef({ geometry, place })
  useLayoutEffect(() => {
    latest.current = { geometry, place }
  })

  const putBar = useCallback(() => {
    const { geometry, place } = latest.current
    const element = refs.scroll.current
    if (!element || !place) return
    const wanted = scrollOf(place, geometry)
    if (Math.abs(element.scrollTop - wanted) >= 1) element.scrollTop = wanted
    bar.current = element.scrollTop
  }, [refs.scroll])

  const onScroll = useCallback(() => {
    const { geometry, place } = latest.current
    const element = refs.scroll.current
    if (!element || !place) return
    const to = element.scrollTop
    const rows = refs.rows.current
    const heightOf = (index: number) => {
      const first = Number(rows?.dataset.first ?? 0)
      return rows?.children[index - first]?.getBoundingClientRect().height
    }
    const next = scrolled(place, bar.current, to, geometry, heightOf)
    bar.current = to
    if (next !== place) setPlace(next)
    clearTimeout(timer.current)
    timer.current = setTimeout(putBar, STILL)
  }, [refs.scroll, refs.rows, putBar])

  // The log grew, the window changed, somebody jumped: the bar follows. While it is being moved it is left alone.
  const still = place?.end ? total : geometry.total > 0
  // biome-ignore lint/correctness/useExhaustiveDependencies: these are what moves the bar
  useLayoutEffect(putBar, [putBar, still, viewport, even])

  useEffect(() => () => clearTimeout(timer.current), [])
  useLayoutEffect(() => {
    const element = refs.scroll.current
    if (!element) return
    const observer = new ResizeObserver(() => setViewport(element.clientHeight))
    observer.observe(element)
    setViewport(element.clientHeight)
    return () => observer.disconnect()
  }, [refs.scroll])

  /** Goes somewhere, the bar with it. */
  const go = useCallback(
    (to: (g: Geometry) => Place) => {
      const next = to(latest.current.geometry)
      latest.current = { ...latest.current, place: next }
      setPlace(next)
      putBar()
    },
    [putBar],
  )
  return { geometry, place, onScroll, go }
}
