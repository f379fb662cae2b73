import { useEffect, useRef } from 'react'
import UPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'

// The days of statistics are those of UTC.
const utc = (seconds: number) => UPlot.tzDate(new Date(seconds * 1000), 'UTC')

interface Props {
  data: UPlot.AlignedData
  height: number
  /** Made anew when `look` changes (colours, words); called once a chart. */
  options: (colour: (name: string) => string) => Omit<UPlot.Options, 'width' | 'height'>
  /** What the options depend on. */
  look: string
  /** What it shows, for those who cannot see it; the numbers stand in a table elsewhere. */
  label: string
}

/** A chart of uPlot as wide as its place. */
export function Plot({ data, height, options, look, label }: Props) {
  const place = useRef<HTMLDivElement>(null)
  const chart = useRef<UPlot>(undefined)
  const latest = useRef({ data, options })
  useEffect(() => {
    latest.current = { data, options }
    chart.current?.setData(data)
  })
  // A foreign library that draws into a box of ours.
  // biome-ignore lint/correctness/useExhaustiveDependencies: `look` says when the options have changed
  useEffect(() => {
    const box = place.current
    if (!box) return
    const styles = getComputedStyle(box)
    const colour = (name: string) => styles.getPropertyValue(`--${name}`).trim()
    const size = { width: box.clientWidth, height }
    const made = new UPlot({ tzDate: utc, ...latest.current.options(colour), ...size }, latest.current.data, box)
    chart.current = made
    const observer = new ResizeObserver(() => made.setSize({ width: box.clientWidth, height }))
    observer.observe(box)
    return () => {
      observer.disconnect()
      made.destroy()
      chart.current = undefined
    }
  }, [height, look])
  return <div ref={place} className="plot" role="img" aria-label={label} style={{ height }} />
}
