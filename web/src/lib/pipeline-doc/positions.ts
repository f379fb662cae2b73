// Places as the server says them — lines from 1, columns in characters — and as offsets.

import type { Lines } from './lines'

export interface Spot {
  line: number
  column: number
  end_line: number
  end_column: number
}

export function offsetOf(lines: Lines, line: number, column: number): number {
  const index = Math.min(Math.max(line - 1, 0), lines.count - 1)
  const text = lines.line(index)
  let offset = 0
  // A character outside the first plane is two units.
  for (let left = column - 1; left > 0 && offset < text.length; left -= 1)
    offset += (text.codePointAt(offset) ?? 0) > 0xffff ? 2 : 1
  return lines.start(index) + offset
}

/** The characters a diagnostic means; where it means none, the word or the line it stands at. */
export function rangeOf(lines: Lines, spot: Spot): { from: number; to: number } {
  const from = offsetOf(lines, spot.line, spot.column)
  const to = offsetOf(lines, spot.end_line, spot.end_column)
  if (to > from) return { from, to }
  const word = /^[\w-]+/.exec(lines.text.slice(from, from + 80))?.[0].length ?? 0
  const end = Math.max(from + Math.max(word, 1), from)
  return { from: Math.min(from, lines.text.length), to: Math.min(end, lines.text.length) }
}
