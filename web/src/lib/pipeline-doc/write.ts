// New values as lines of YAML.

import { inlineScalar, keyText, literal } from './scalar'
import { parse, read } from './tree'
import { isNull, Raw, Source, same, type Value } from './value'

/** How a file is laid out. */
export interface Style {
  /** Spaces that a level is indented by. */
  step: number
  /** Spaces between a key and the dashes of its list. */
  dash: number
}

/** A value behind a key or dash: what stands on its line, and the lines below, indented from where the key stands. */
export interface Written {
  inline: string
  below: string[]
}

/** Lists and maps up to this long stand on one line. */
const SHORT = 60

export function write(value: Value, style: Style, quoted = false): Written {
  // What a kept blank line says depends on what is behind it; in quotes nothing does.
  if (value instanceof Source) return quoted ? write(value.means, style, true) : writeSource(value, style)
  if (value instanceof Raw) return { inline: value.text === '' ? '' : value.text, below: [] }
  if (typeof value === 'string') {
    const block = quoted ? null : literal(value, style.step)
    if (!block) return { inline: inlineScalar(value, false), below: [] }
    return { inline: block.header, below: indented(block.lines, style.step) }
  }
  const short = shortFlow(value)
  if (short !== null) return { inline: short, below: [] }
  if (Array.isArray(value))
    return {
      inline: '',
      below: indented(
        value.flatMap(item => itemLines(item, style, quoted)),
        style.dash,
      ),
    }
  return { inline: '', below: indented(mapLines(value, style, quoted), style.step) }
}

/** `- item`, the dash at column 0. */
export function itemLines(value: Value, style: Style, quoted = false): string[] {
  if (value instanceof Map && value.size > 0 && shortFlow(value) === null) {
    return behindDash(mapLines(value, style, quoted))
  }
  if (Array.isArray(value) && value.length > 0 && shortFlow(value) === null) {
    return behindDash(value.flatMap(item => itemLines(item, style, quoted)))
  }
  const { inline, below } = write(value, { ...style, step: 2 }, quoted)
  return [inline === '' ? '-' : `- ${inline}`, ...below]
}

export function behindDash(lines: string[]): string[] {
  return lines.map((line, index) => (index === 0 ? `- ${line}` : line === '' ? '' : `  ${line}`))
}

export function mapLines(map: ReadonlyMap<string, Value>, style: Style, quoted = false): string[] {
  return [...map].flatMap(([key, value]) => pairLines(key, value, style, quoted))
}

/** `key: value` at column 0. */
export function pairLines(key: string, value: Value, style: Style, quoted = false): string[] {
  const { inline, below } = write(value, style, quoted)
  return [inline === '' ? `${keyText(key, false)}:` : `${keyText(key, false)}: ${inline}`, ...below]
}

export function indented(lines: readonly string[], by: number): string[] {
  const pad = ' '.repeat(by)
  return lines.map(line => (line === '' ? '' : pad + line))
}

/** On one line, in brackets. */
export function flow(value: Value): string {
  if (value instanceof Source) return flow(value.means)
  if (typeof value === 'string' || value instanceof Raw) return inlineScalar(value, true)
  if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`
  if (value.size === 0) return '{}'
  return `{ ${[...value].map(([key, item]) => `${keyText(key, true)}: ${flow(item)}`).join(', ')} }`
}

function shortFlow(value: Value[] | Map<string, Value>): string | null {
  const items = Array.isArray(value) ? value : [...value.values()]
  if (items.length === 0) return Array.isArray(value) ? '[]' : '{}'
  if (!Array.isArray(value)) return null
  const flat = items.every(item =>
    item instanceof Raw ? !isNull(item) : typeof item === 'string' && !item.includes('\n'),
  )
  const text = flat ? flow(value) : ''
  return flat && text.length <= SHORT ? text : null
}

function writeSource(source: Source, style: Style): Written {
  const lines = withoutEnd(source).split('\n')
  const block = source.means instanceof Map || Array.isArray(source.means)
  const brackets = /^[[{]/.test(lines[0] ?? '')
  if (block && !brackets)
    return { inline: '', below: indented(lines, Array.isArray(source.means) ? style.dash : style.step) }
  return { inline: lines[0] ?? '', below: indented(lines.slice(1), style.step) }
}

/** The text without the blank lines at its end, unless a block keeps them as its own. */
function withoutEnd({ text, means }: Source): string {
  const bare = text.replace(/(\n[ \t]*)+$/, '')
  const { tree } = parse(bare)
  if (!tree || same(read(tree, tree.root), means)) return bare
  return text.replace(/\n$/, '')
}
