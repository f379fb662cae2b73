// Terminal output as pieces with a style. Of all escape sequences only SGR (colour, bold, …) means anything here;
// the others are taken out, as are control characters: a log can neither move, hide nor forge anything on the page.

export type Rgb = readonly [number, number, number]
/** 0–15: of the theme's palette; or its own. */
export type Colour = number | Rgb

export interface Style {
  fg?: Colour
  bg?: Colour
  bold?: true
  dim?: true
  italic?: true
  underline?: true
  strike?: true
  inverse?: true
}

export interface Piece {
  text: string
  style: Style | null
  /** Where its text begins in the line as it was given. */
  from: number
}

// CSI (group 1: parameters, group 2: final) · strings (OSC, DCS, SOS, PM, APC) up to their end or the line's ·
// other escapes · control characters except tab.
const ESCAPE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  /(?:\x1b\[|\x9b)([0-?]*)[ -/]*([@-~])|(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c|$)|(?:\x1b\[|\x9b)[0-?]*[ -/]*|\x1b[ -/]*[0-~]?|[\x00-\x08\x0b-\x1f\x7f-\x9f]/g

/** Without anything to strip, which is most lines, there is nothing to do. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const PLAIN = /^[^\x00-\x08\x0b-\x1f\x7f-\x9f]*$/

export function parseAnsi(line: string): Piece[] {
  if (PLAIN.test(line)) return line === '' ? [] : [{ text: line, style: null, from: 0 }]
  const out: Piece[] = []
  let style: Style = {}
  let begin = 0
  const push = (end: number) => {
    if (end > begin) out.push({ text: line.slice(begin, end), style: isPlain(style) ? null : style, from: begin })
  }
  for (const found of line.matchAll(ESCAPE)) {
    push(found.index)
    begin = found.index + found[0].length
    // What a progress bar has overwritten is not shown: only what follows its last return.
    if (found[0] === '\r' && begin < line.length) out.length = 0
    if (found[2] === 'm') style = sgr(style, found[1] ?? '')
  }
  push(line.length)
  return out
}

export const plainText = (line: string): string =>
  parseAnsi(line)
    .map(piece => piece.text)
    .join('')

function isPlain(style: Style): boolean {
  for (const _ in style) return false
  return true
}

function sgr(before: Style, parameters: string): Style {
  // `38:2::r:g:b` and `38;2;r;g;b` mean the same; private sequences (`?`, `>`) are not SGR.
  if (/[<=>?]/.test(parameters)) return before
  const codes = parameters.split(';')
  let style: Style = { ...before }
  for (let index = 0; index < codes.length; index += 1) {
    const part = codes[index] ?? ''
    const code = Number.parseInt(part || '0', 10)
    if (code === 38 || code === 48) {
      const [colour, used] = part.includes(':') ? [colonColour(part), 0] : semicolonColour(codes, index)
      index += used
      if (colour !== null) style = { ...style, [code === 38 ? 'fg' : 'bg']: colour }
    } else {
      style = simple(style, code, part)
    }
  }
  return style
}

function simple(style: Style, code: number, part: string): Style {
  if (code >= 30 && code <= 37) return { ...style, fg: code - 30 }
  if (code >= 90 && code <= 97) return { ...style, fg: code - 82 }
  if (code >= 40 && code <= 47) return { ...style, bg: code - 40 }
  if (code >= 100 && code <= 107) return { ...style, bg: code - 92 }
  switch (code) {
    case 0:
      return {}
    case 1:
      return { ...style, bold: true }
    case 2:
      return { ...style, dim: true }
    case 3:
      return { ...style, italic: true }
    case 4:
      return part === '4:0' ? without(style, 'underline') : { ...style, underline: true }
    case 7:
      return { ...style, inverse: true }
    case 9:
      return { ...style, strike: true }
    case 21:
      return { ...style, underline: true }
    case 22:
      return without(without(style, 'bold'), 'dim')
    case 23:
      return without(style, 'italic')
    case 24:
      return without(style, 'underline')
    case 27:
      return without(style, 'inverse')
    case 29:
      return without(style, 'strike')
    case 39:
      return without(style, 'fg')
    case 49:
      return without(style, 'bg')
    default:
      // Blinking, fonts, frames: nothing that would help to read a log.
      return style
  }
}

function without(style: Style, key: keyof Style): Style {
  const { [key]: _, ...rest } = style
  return rest
}

/** The colour after 38 or 48, and how many parameters it took. */
function semicolonColour(codes: string[], index: number): [Colour | null, number] {
  const kind = codes[index + 1]
  if (kind === '5') return [indexed(Number(codes[index + 2])), 2]
  if (kind === '2') return [rgb(codes.slice(index + 2, index + 5).map(Number)), 4]
  return [null, kind === undefined ? 0 : 1]
}

function colonColour(part: string): Colour | null {
  const [, kind, ...rest] = part.split(':')
  if (kind === '5') return indexed(Number(rest[0]))
  // A colour space may stand before the three.
  if (kind === '2')
    return rgb(
      rest
        .slice(rest.length > 3 ? 1 : 0)
        .slice(0, 3)
        .map(Number),
    )
  return null
}

function rgb(values: number[]): Rgb | null {
  const [r, g, b] = values
  const byte = (value: number | undefined): value is number =>
    value !== undefined && Number.isInteger(value) && value >= 0 && value <= 255
  return byte(r) && byte(g) && byte(b) ? [r, g, b] : null
}

/** The 256 colours: 16 of the palette, a cube of 6×6×6, 24 greys. */
function indexed(value: number): Colour | null {
  if (!Number.isInteger(value) || value < 0 || value > 255) return null
  if (value < 16) return value
  if (value >= 232) {
    const grey = 8 + (value - 232) * 10
    return [grey, grey, grey]
  }
  const level = (part: number) => (part === 0 ? 0 : 55 + part * 40)
  const at = value - 16
  return [level(Math.floor(at / 36)), level(Math.floor(at / 6) % 6), level(at % 6)]
}
