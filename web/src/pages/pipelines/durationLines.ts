import type UPlot from 'uplot'
import { duration } from '../../lib/time'

/** Two lines of durations over days: a full one and a dashed one. */
export function durationLines(
  colour: (name: string) => string,
  words: { median: string; slow: string },
  language: string,
): Omit<UPlot.Options, 'width' | 'height'> {
  const day = new Intl.DateTimeFormat(language, { month: 'short', day: 'numeric', timeZone: 'UTC' })
  const axis = { stroke: colour('muted'), font: '12px sans-serif', ticks: { show: false } }
  const second = 1000
  // A day between days without runs has no line to either side.
  const points = { show: true, size: 5 }
  return {
    legend: { show: false },
    cursor: { drag: { x: false, y: false }, y: false },
    padding: [8, 28, 0, 0],
    scales: { y: { range: (_, __, max) => [0, Math.max(second, max * 1.05)] } },
    axes: [
      {
        ...axis,
        grid: { show: false },
        values: (_, ticks) => ticks.map(tick => day.format(tick * 1000)),
        incrs: [86_400, 172_800, 604_800],
        space: 60,
      },
      {
        ...axis,
        size: 64,
        grid: { stroke: colour('border'), width: 1 },
        incrs: [0.2, 0.5, 1, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200, 14_400, 86_400].map(
          seconds => seconds * second,
        ),
        values: (_, ticks) => ticks.map(tick => duration(tick, language)),
      },
    ],
    series: [
      {},
      { label: words.median, stroke: colour('accent'), width: 2, spanGaps: true, points },
      {
        label: words.slow,
        stroke: colour('hold-solid'),
        width: 1.5,
        dash: [5, 4],
        spanGaps: true,
        points,
      },
    ],
  }
}
