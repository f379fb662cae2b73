// A log of as many lines as one likes, made when it is asked for.

import type { LogHits, LogLine, LogPage } from '../src/api/types'
import { NOW } from './fixtures'

const E = '\u001b'
export const BYTES = 64

const TEXTS = [
  (n: number) => `   ${E}[1;32mCompiling${E}[0m crate-${n % 97} v0.${n % 10}.${n % 7} (/src/crate-${n % 97})`,
  (n: number) => `test cart::totals::case_${n} ... ${E}[32mok${E}[0m`,
  (n: number) => `test cart::rounding::case_${n} ... ${n % 41 === 0 ? `${E}[31mFAILED${E}[0m` : `${E}[32mok${E}[0m`}`,
  (n: number) => `${E}[2m${n} ms${E}[0m GET /api/v1/orders/${n} ${E}[38;5;208m${200 + (n % 3)}${E}[0m 数据已加载`,
  (n: number) => `${E}[33mwarning${E}[0m: unused variable \`total_${n}\``,
  (n: number) =>
    `  ${E}[34m-->${E}[0m src/cart/mod.rs:${n % 900}:13  ${'a long tail of words '.repeat(n % 9 === 0 ? 14 : 1)}`,
]

export const fakeLine = (number: number): LogLine => ({
  number,
  offset: (number - 1) * BYTES,
  at: new Date(NOW - 600_000 + number * 2).toISOString(),
  stream: number % 23 === 0 ? 'stderr' : 'stdout',
  text: (TEXTS[number % TEXTS.length] ?? (() => ''))(number),
})

export function logPage(query: URLSearchParams, total: number, ended = true): LogPage {
  const tail = Number(query.get('tail') ?? 0)
  const first = tail ? Math.max(1, total - tail + 1) : Number(query.get('first'))
  const last = Math.min(total, first + (tail || Number(query.get('count'))) - 1)
  const lines = Array.from({ length: Math.max(0, last - first + 1) }, (_, at) => fakeLine(first + at))
  return { attempt: 1, lines, total_lines: total, total_bytes: total * BYTES, next_offset: total * BYTES, ended }
}

export function logHits(query: URLSearchParams, total: number): LogHits {
  const q = query.get('q') ?? ''
  const limit = Number(query.get('limit') ?? 100)
  const hits: LogHits['hits'] = []
  for (let number = 1; number <= total && hits.length < limit; number += 1) {
    const line = fakeLine(number)
    const start = line.text.indexOf(q)
    if (start >= 0) hits.push({ number, offset: line.offset, text: line.text, start, end: start + q.length })
  }
  return { hits, complete: hits.length < limit }
}
