import { useRef, useState } from 'react'
import { ApiProblem } from '../../api/client'
import { type LogSource, logSearch } from '../../api/logs'
import type { Mark } from '../../lib/logMarks'

/** More hits than this are not gone through one by one. */
const MOST = 500

export interface Question {
  q: string
  regex: boolean
  case: boolean
}

export interface Hit {
  number: number
  mark: Mark
}

interface Found {
  hits: Hit[]
  marks: ReadonlyMap<number, Mark[]>
  complete: boolean
  /** What the server had against the question, such as a wrong regular expression. */
  problem: string | null
}

const NOTHING: Found = { hits: [], marks: new Map(), complete: true, problem: null }

/** The server searches the whole log; here is only which of its hits is gone to. */
export function useLogSearch(source: LogSource, onHit: (hit: Hit) => void) {
  const [question, setQuestion] = useState<Question>({ q: '', regex: false, case: false })
  const [found, setFound] = useState<Found>(NOTHING)
  const [index, setIndex] = useState(0)
  const [busy, setBusy] = useState(false)
  const flight = useRef<AbortController>(undefined)

  const ask = async (next: Question, seen: number) => {
    flight.current?.abort()
    setQuestion(next)
    setBusy(next.q !== '')
    if (next.q === '') return setFound(NOTHING)
    const mine = new AbortController()
    flight.current = mine
    const answer = await logSearch(source, { ...next, limit: MOST }, mine.signal).then(
      ({ hits, complete }) => ({ ...sorted(hits), complete, problem: null }),
      (error: unknown) => ({ ...NOTHING, problem: error instanceof ApiProblem ? error.message : String(error) }),
    )
    if (mine.signal.aborted) return
    setBusy(false)
    setFound(answer)
    // Begin with what is seen, or comes next after it.
    const first = Math.max(
      0,
      answer.hits.findIndex(hit => hit.number >= seen),
    )
    setIndex(first)
    const hit = answer.hits[first]
    if (hit) onHit(hit)
  }

  /** Round and round. */
  const move = (by: number) => {
    const next = (index + by + found.hits.length) % found.hits.length
    const hit = found.hits[next]
    if (!hit) return
    setIndex(next)
    onHit(hit)
  }
  return { question, ...found, busy, index, current: found.hits[index] ?? null, ask, move }
}

function sorted(hits: { number: number; start: number; end: number }[]): Pick<Found, 'hits' | 'marks'> {
  const all = hits.map(({ number, start, end }) => ({ number, mark: { start, end } }))
  const marks = new Map<number, Mark[]>()
  for (const { number, mark } of all) {
    const of = marks.get(number)
    if (of) of.push(mark)
    else marks.set(number, [mark])
  }
  return { hits: all, marks }
}

export type LogSearch = ReturnType<typeof useLogSearch>
