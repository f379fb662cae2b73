import type UPlot from 'uplot'

type Words = Record<'success' | 'failed' | 'cancelled', string>

/** Bars on top of each other, the highest drawn first. */
export function bars(
  colour: (name: string) => string,
  words: Words,
  language: string,
): Omit<UPlot.Options, 'width' | 'height'> {
  const day = new Intl.DateTimeFormat(language, { month: 'short', day: 'numeric', timeZone: 'UTC' })
  const bar = (label: string, name: string): UPlot.Series => ({
    label,
    fill: colour(name),
    width: 0,
    points: { show: false },
    paths: drawBars,
  })
  const axis = { stroke: colour('muted'), font: '12px sans-serif', ticks: { show: false } }
  return {
    legend: { show: false },
    cursor: { drag: { x: false, y: false }, points: { show: false }, y: false },
    padding: [8, 20, 0, 0],
    scales: {
      x: { range: (_, min, max) => [min - 43_200, max + 43_200] },
      y: { range: (_, __, max) => [0, Math.max(4, max)] },
    },
    axes: [
      {
        ...axis,
        size: 30,
        grid: { show: false },
        values: (_, ticks) => ticks.map(tick => day.format(tick * 1000)),
        incrs: [86_400, 172_800, 604_800],
        space: 60,
      },
      {
        ...axis,
        size: 36,
        grid: { stroke: colour('border'), width: 1 },
        incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 5000],
      },
    ],
    series: [
      { value: (_, seconds) => (seconds === null ? '' : day.format(seconds * 1000)) },
      bar(words.cancelled, 'quiet-solid'),
      bar(words.failed, 'bad-solid'),
      bar(words.success, 'good-solid'),
    ],
  }
}

/** One bar a day, of two thirds of its width. */
const drawBars: UPlot.Series.PathBuilder = (chart, series, first, last) => {
  const fill = new Path2D()
  const xs = chart.data[0]
  const ys = chart.data[series] ?? []
  const zero = chart.valToPos(0, 'y', true)
  const step = Math.abs(chart.valToPos(86_400, 'x', true) - chart.valToPos(0, 'x', true))
  const width = Math.max(2, Math.min(step * 0.66, 28 * devicePixelRatio))
  for (let at = first; at <= last; at += 1) {
    const [x, y] = [xs[at], ys[at]]
    if (x === undefined || !y) continue
    const top = chart.valToPos(y, 'y', true)
    fill.roundRect(chart.valToPos(x, 'x', true) - width / 2, top, width, zero - top, [3, 3, 0, 0])
  }
  return { fill, stroke: null, clip: null, band: null, gaps: null, flags: 0 } as unknown as UPlot.Series.Paths
}
