// What stands around the cursor of a text that may be half written: by its lines and their indentation, not by a parser.

export interface Cursor {
  /** A key is being written, or the value of one. */
  writing: 'key' | 'value'
  /** The keys above, outermost first; an entry of a list is `-`. */
  path: string[]
  /** The key whose value is written. */
  key: string | null
  /** Where the word that is being written begins. */
  from: number
  word: string
  /** What the map around the cursor says of `type`. */
  type: string | null
  /** The same of the step around it. */
  stepType: string | null
  /** Keys that the map around the cursor has on other lines. */
  siblings: string[]
}

interface Line {
  /** Column of the key or value behind all dashes. */
  column: number
  dashes: number[]
  key: string | null
  value: string
  blank: boolean
}

const KEY = /^("(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s#:'"[\]{}][^#:]*?)\s*:(?=\s|$)/

function readLine(text: string): Line {
  const dashes: number[] = []
  let column = /^ */.exec(text)?.[0].length ?? 0
  for (let found = /^-(\s+|$)/.exec(text.slice(column)); found; found = /^-(\s+|$)/.exec(text.slice(column))) {
    dashes.push(column)
    column += found[0].length
  }
  const rest = text.slice(column)
  const key = KEY.exec(rest)
  return {
    column,
    dashes,
    key: key ? unquoted(key[1] ?? '') : null,
    value: key ? rest.slice(key[0].length).trim() : rest.trim(),
    blank: rest.trim() === '' && dashes.length === 0,
  }
}

function unquoted(text: string): string {
  return /^["'].*["']$/.test(text) ? text.slice(1, -1) : text
}

export function cursorAt(text: string, offset: number): Cursor {
  const start = text.lastIndexOf('\n', offset - 1) + 1
  const before = text.slice(start, offset)
  const lines = text.split('\n')
  const number = text.slice(0, start).split('\n').length - 1
  const here = readLine(before)
  const word = /[\w.-]*$/.exec(before)?.[0] ?? ''
  const path = pathAbove(lines, number, here)
  const siblings = around(lines, number, here.column)
  const stepType = typeOfStep(lines, number, here)
  const base = { path, siblings: siblings.keys, type: siblings.type, stepType, word, from: offset - word.length }
  if (here.key !== null) return { ...base, writing: 'value', key: here.key }
  const listed = here.dashes.length > 0 && path[path.length - 1] === '-' ? (path[path.length - 2] ?? null) : null
  return { ...base, writing: 'key', key: listed }
}

/** Keys of the lines that this one is indented under. */
function pathAbove(lines: readonly string[], number: number, here: Line): string[] {
  const path: string[] = []
  let column = here.column
  for (const dash of [...here.dashes].reverse()) {
    path.unshift('-')
    column = dash
  }
  // A list may stand as far left as its key.
  let listed = here.dashes.length > 0
  for (let index = number - 1; index >= 0 && (column > 0 || listed); index -= 1) {
    const line = readLine(lines[index] ?? '')
    if (line.blank || (lines[index] ?? '').trim().startsWith('#')) continue
    const above =
      line.column < column || (listed && line.column === column && line.key !== null && line.dashes.length === 0)
    if (above && line.key !== null) {
      path.unshift(line.key)
      column = line.column
      listed = false
    }
    for (const dash of [...line.dashes].reverse()) {
      if (dash >= column) continue
      path.unshift('-')
      column = dash
      listed = true
    }
  }
  return path
}

/** The keys of the map in which a column of a line lies. */
function around(lines: readonly string[], number: number, column: number): { keys: string[]; type: string | null } {
  const keys: string[] = []
  let type: string | null = null
  const take = (index: number): 'on' | 'end' => {
    const line = readLine(lines[index] ?? '')
    if (line.blank || (lines[index] ?? '').trim().startsWith('#')) return 'on'
    if (line.column < column || line.dashes.some(dash => dash < column && line.column !== column)) return 'end'
    if (line.column === column && line.key !== null) {
      keys.push(line.key)
      if (line.key === 'type') type = unquoted(line.value.replace(/\s+#.*$/, ''))
    }
    return line.column === column && line.dashes.length > 0 ? 'end' : 'on'
  }
  if (readLine(lines[number] ?? '').dashes.length === 0)
    for (let index = number - 1; index >= 0 && take(index) === 'on'; index -= 1);
  for (let index = number + 1; index < lines.length; index += 1) {
    const line = readLine(lines[index] ?? '')
    if (!line.blank && line.dashes.length > 0 && (line.dashes[0] ?? 0) < column) break
    if (take(index) === 'end') break
  }
  return { keys, type }
}

/** The `type` of the entry of `steps` in which a line lies. */
function typeOfStep(lines: readonly string[], number: number, here: Line): string | null {
  let column = here.column
  for (let index = number; index >= 0; index -= 1) {
    const line = index === number ? here : readLine(lines[index] ?? '')
    if (line.blank || line.column > column) continue
    const path = pathAbove(lines, index, line)
    if (path[path.length - 1] === '-' && path[path.length - 2] === 'steps' && (line.key !== null || index === number)) {
      return around(lines, index, line.column).type ?? (line.key === 'type' ? unquoted(line.value) : null)
    }
    column = line.column
  }
  return null
}
