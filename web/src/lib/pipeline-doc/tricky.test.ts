import { describe, expect, it } from 'vitest'
import { edit } from './draft'
import { sourceAt } from './locate'
import { parse, read } from './tree'
import { Raw, Source, type Value } from './value'

const tricky: Value[] = [
  'yes',
  '0777',
  '1e3',
  ' leading',
  '# no comment',
  '{{ x }}',
  'a\nb',
  'a\n\n',
  '\n',
  ' \n x',
  '',
  'null',
  '2026-01-01',
  '8080:80',
  '- x',
  'a: b',
  '"',
  "it's",
  '\t',
  'a\r\nb',
  '\u2028',
  '😀',
  '构建',
  '@x',
  '`x`',
  '? x',
  '-',
  '---',
  'x:',
  '*a',
  '<<',
  '=',
  '\u0000',
  'a \nb ',
  '  a\n b\n',
]

describe('tricky texts', () => {
  const shapes = [
    'a: old\nz: 1\n',
    "a: 'old'\n",
    'a: {b: old}\n',
    'a: [old]\n',
    'a:\n  - old\n  - z\n',
    'a: |\n  old\n  x\n\nz: 1\n',
    'a: >-\n  old\nz: 1\n',
  ]
  it.each(tricky)('%j is read back', value => {
    for (const shape of shapes) {
      const path = shape.includes('{') ? ['a', 'b'] : shape.includes('[') || shape.includes('- old') ? ['a', 0] : ['a']
      let got: Value | undefined
      const result = edit(shape, d => {
        d.set(path, value)
        got = d.value(path)
      })
      expect({ shape, ok: result.ok, got }).toEqual({ shape, ok: true, got: value })
      const key = edit(shape, d => d.set(['new', value as string], value))
      expect({ shape, ok: key.ok }).toEqual({ shape, ok: true })
    }
  })
})

describe('a piece of source', () => {
  // A block that keeps the lines behind it says them too.
  const pieces = ['a: |+\n  x\n\n\n', '" ":\n  - |+\n    \n', 'a: >+\n  x\n\n', 'a: |\n  x\n\n', "- '\n\n  '\n\n\n"]
  const shapes = [
    'steps:\n  - name: it\n  # behind\n\n  - name: last\n',
    'steps:\n  - name: it',
    'steps:\n- name: it\n\n\n',
  ]
  it.each(pieces)('%j says what it said, whatever is behind it', piece => {
    for (const shape of shapes) {
      const tree = parse(piece).tree
      if (!tree) throw new Error(piece)
      const means = read(tree, tree.root)
      let got: Value | undefined
      const result = edit(shape, draft => {
        draft.set(['steps', 0, 'values'], new Source(piece, means))
        got = draft.value(['steps', 0, 'values'])
      })
      expect({ shape, ok: result.ok, got }).toEqual({ shape, ok: true, got: means })
    }
  })
})

describe('a key that is named `<<`', () => {
  it.each(['a:\n  b: 1\n', 'a: { b: 1 }\n', 'a: {}\n'])('is no merge: %j', shape => {
    for (const value of ['yes', new Raw('5')]) {
      let got: Value | undefined
      const result = edit(shape, d => {
        d.set(['a', '<<'], value)
        got = d.value(['a', '<<'])
      })
      expect(result.ok, shape).toBe(true)
      expect(got).toEqual(value)
    }
  })
})

describe('a value that ends with a block that keeps its blank lines', () => {
  it.each(['k:\n  - |+\n    a\n\n', 'k:\n  b: |+\n    a\n\n\n'])('is shown as it was written: %j', text => {
    const written = parse(text).tree
    if (!written) throw new Error('no tree')
    const source = new Source(text, read(written, written.root))
    const result = edit('s:\n  - t: 5\n  # behind\n', d => d.set(['s', 0, 'v'], source))
    const after = result.ok ? parse(result.text).tree : null
    expect(after && sourceAt(after, ['s', 0, 'v'])).toBe(text)
  })
})
