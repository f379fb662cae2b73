// What a search found, laid over a line's pieces.

import type { Piece } from './ansi'

/** In the line as it was given: from `start` to before `end`, in characters. */
export interface Mark {
  start: number
  end: number
}

export function markPieces(pieces: readonly Piece[], marks: readonly Mark[]): (Piece & { mark?: Mark })[] {
  return pieces.flatMap(piece => {
    const out: (Piece & { mark?: Mark })[] = []
    const last = piece.from + piece.text.length
    let at = piece.from
    const push = (end: number, mark?: Mark) => {
      if (end <= at) return
      const text = piece.text.slice(at - piece.from, end - piece.from)
      out.push({ text, style: piece.style, from: at, ...(mark ? { mark } : {}) })
      at = end
    }
    for (const mark of marks) {
      if (mark.end <= at || mark.start >= last) continue
      push(Math.max(at, mark.start))
      push(Math.min(last, mark.end), mark)
    }
    push(last)
    return out
  })
}
