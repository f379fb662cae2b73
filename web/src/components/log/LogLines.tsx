import { type CSSProperties, type MouseEvent, type RefObject, useEffect, useLayoutEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { Mark } from '../../lib/logMarks'
import { contentHeight, drawn, type Geometry, type Place, type Range } from '../../lib/logScroll'
import type { LogStore } from '../../lib/logStore'
import { LogLine } from './LogLine'
import { ROW } from './useLogScroll'

interface Props {
  store: LogStore
  geometry: Geometry
  place: Place | null
  scroll: RefObject<HTMLDivElement | null>
  rows: RefObject<HTMLDivElement | null>
  onScroll: () => void
  range: Range | null
  marks: ReadonlyMap<number, Mark[]>
  current: { number: number; mark: Mark } | null
  timestamps: boolean
  hrefOf: ((line: number) => string) | undefined
  onLine: (line: number, extend: boolean) => void
}

/** Lines drawn beyond what is seen, on either side. */
const SPARE = 12

/** The part of the log that is seen, in a box as high as all of it (or as high as a box can be). */
export function LogLines(props: Props) {
  const { store, geometry, place, scroll, rows, range, marks, current, timestamps, hrefOf } = props
  const { t } = useTranslation('runs')
  const layer = useRef<HTMLDivElement>(null)
  const { first, end } = place ? drawn(place, geometry, SPARE) : { first: 0, end: 0 }

  // What is missing is fetched: each place asks for what it shows.
  useLayoutEffect(() => {
    if (end > first) store.want(first + 1, end)
  })

  // The first seen line goes up by what of it is out of sight. Wrapped lines are measured, which only the page can do.
  useLayoutEffect(() => {
    const element = rows.current
    if (!element || !place) return
    element.style.transform = `translateY(${place.end ? 0 : -outOfSight(element, place.top, first, geometry.even)}px)`
  })

  // The widest line so far decides how far one may scroll sideways; it would jump otherwise. Measured when the page has
  // been laid out anyway, not at each turn of the wheel.
  const { even } = geometry
  useEffect(() => {
    const element = rows.current
    const box = layer.current
    if (!element || !box) return
    if (!even) {
      box.style.minWidth = ''
      return
    }
    let widest = 0
    const observer = new ResizeObserver(() => {
      if (element.scrollWidth <= widest) return
      widest = element.scrollWidth
      box.style.minWidth = `max(100%, ${widest}px)`
    })
    observer.observe(element)
    return () => observer.disconnect()
  }, [even, rows])

  const onClick = (event: MouseEvent) => {
    const number = (event.target as HTMLElement).closest<HTMLElement>('.log-number')?.dataset.n
    if (!number || event.ctrlKey || event.metaKey) return
    event.preventDefault()
    props.onLine(Number(number), event.shiftKey)
  }

  const numbers = Array.from({ length: end - first }, (_, at) => first + 1 + at)
  const style = { '--digits': String(geometry.total).length } as CSSProperties
  return (
    <section
      className="log-scroll"
      ref={scroll}
      onScroll={props.onScroll}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
      tabIndex={0}
      aria-label={t('log.label')}
    >
      <div style={{ height: contentHeight(geometry) }}>
        <div ref={layer} className={`log-layer${place?.end ? ' at-end' : ''}`} style={{ height: geometry.viewport }}>
          {/* biome-ignore lint/a11y/noStaticElementInteractions: the clicks of the lines' own links */}
          {/* biome-ignore lint/a11y/useKeyWithClickEvents: a link's click comes from the keyboard too */}
          <div ref={rows} className="log-rows" data-first={first} style={style} onClick={onClick}>
            {numbers.map(number => (
              <LogLine
                key={number}
                number={number}
                line={store.line(number)}
                chosen={range !== null && number >= range.from && number <= range.to}
                marks={marks.get(number)}
                current={current?.number === number ? current.mark : undefined}
                timestamps={timestamps}
                href={hrefOf?.(number)}
              />
            ))}
          </div>
        </div>
      </div>
    </section>
  )
}

function outOfSight(rows: HTMLElement, top: number, first: number, even: boolean): number {
  if (even) return (top - first) * ROW
  const line = rows.children[Math.floor(top) - first]
  if (!(line instanceof HTMLElement)) return 0
  return line.offsetTop - (rows.children[0] as HTMLElement).offsetTop + (top % 1) * line.offsetHeight
}
