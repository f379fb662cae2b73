// How a scalar is written so that every reader of YAML, 1.1 or 1.2, reads back what was meant.

import { Raw } from './value'

export type Quotes = 'plain' | 'single' | 'double'

/** What YAML 1.1 or 1.2 reads as something other than a text. */
const NO_TEXT = [
  /^(|~|null|true|false|y|n|yes|no|on|off|<<|=)$/i,
  /^[-+]?(0b[01_]+|0o[0-7_]+|0x[0-9a-f_]+)$/i,
  // Numbers in all bases, with exponents, `12:30`, dates and times.
  /^[-+]?[.\d][\d_.,:]*(e[-+]?\d+)?$/i,
  /^[-+]?\.(inf|nan)$/i,
  /^\d{4}-\d{1,2}-\d{1,2}([Tt\s].*)?$/,
]

/** Whether only an escape can write a character, or not every reader takes it unescaped. */
function isOdd(char: string): boolean {
  const code = char.codePointAt(0) ?? 0
  if (code < 0x20) return char !== '\t' && char !== '\n'
  if (code >= 0x7f && code <= 0x9f) return true
  return (code >= 0xd800 && code <= 0xdfff) || [0x2028, 0x2029, 0xfeff, 0xfffe, 0xffff].includes(code)
}

export function needsEscapes(text: string): boolean {
  for (const char of text) if (isOdd(char)) return true
  return false
}

export function plainIsSafe(text: string, flow: boolean): boolean {
  if (text === '' || text !== text.trim() || text.length > 2000) return false
  if (/[\n\t]/.test(text) || needsEscapes(text) || NO_TEXT.some(pattern => pattern.test(text))) return false
  if (/^[,[\]{}#&*!|>'"%@`]/.test(text) || /^[-?:]([\s,[\]{}]|$)/.test(text) || /^(---|\.\.\.)/.test(text)) return false
  // Spaces of other scripts at the ends, which one reader trims and another keeps.
  if (/^[\s\u00a0\u3000]|[\s\u00a0\u3000]$/.test(text)) return false
  if (/:(\s|$)|\s#/.test(text)) return false
  return !(flow && /[,[\]{}]|:/.test(text))
}

const SHORT: Record<string, string> = { '"': '\\"', '\\': '\\\\', '\n': '\\n', '\t': '\\t', '\r': '\\r' }

export function doubleQuoted(text: string): string {
  let out = ''
  for (const char of text) out += SHORT[char] ?? (isOdd(char) ? escaped(char) : char)
  return `"${out}"`
}

function escaped(char: string): string {
  const code = char.codePointAt(0) ?? 0
  return code < 256 ? `\\x${hex(code, 2)}` : `\\u${hex(code, 4)}`
}

function hex(code: number, width: number): string {
  return code.toString(16).padStart(width, '0')
}

/** On one line. */
export function inlineScalar(value: string | Raw, flow: boolean, prefer: Quotes = 'plain'): string {
  if (value instanceof Raw) return value.text === '' && flow ? 'null' : value.text
  const single = !/[\n\t]/.test(value) && !needsEscapes(value)
  if (prefer === 'plain' && plainIsSafe(value, flow)) return value
  const quotes = prefer === 'single' || (prefer === 'plain' && /["\\]/.test(value)) ? 'single' : 'double'
  return single && quotes === 'single' ? `'${value.replaceAll("'", "''")}'` : doubleQuoted(value)
}

export function keyText(key: string, flow: boolean): string {
  return plainIsSafe(key, flow) && key.length < 120 && !/^\?/.test(key) ? key : inlineScalar(key, flow, 'double')
}

/** A text of several lines as a literal block: its header and its lines, not yet indented. */
export function literal(text: string, step: number): { header: string; lines: string[] } | null {
  if (!text.includes('\n') || needsEscapes(text)) return null
  const end = /\n*$/.exec(text)?.[0].length ?? 0
  const body = text.slice(0, text.length - end)
  // Tabs or spaces where the indentation is found out are read differently by different readers.
  if (body.trim() === '' || /^[\s\u00a0]*\n/.test(body) || /[ \t]+$/m.test(lastLine(body)) || body.startsWith('\t'))
    return null
  const indicator = body.startsWith(' ') ? String(step) : ''
  const chomp = end === 0 ? '-' : end === 1 ? '' : '+'
  return {
    header: `|${indicator}${chomp}`,
    lines: [...body.split('\n'), ...Array<string>(Math.max(0, end - 1)).fill('')],
  }
}

function lastLine(text: string): string {
  return text.slice(text.lastIndexOf('\n') + 1)
}
