// Where in a text the server found a mistake: its sentence begins with the line.

/** The line, from 1, of `line 14: …`; null where the sentence names none. */
export function lineOf(sentence: string): number | null {
  const found = /^line (\d{1,7})\b/.exec(sentence)
  return found ? Number(found[1]) : null
}
