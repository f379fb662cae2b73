import { describe, expect, it } from 'vitest'
import { type Draft, edit } from './draft'
import { fromJson, NULL, Raw } from './value'

const file = `# the shop
name: shop            # shown in lists
variables:
  image: 'registry.example.com/shop'

  # how many
  count: 3
steps:
  # first things first
  - name: unit tests   # fast
    type: command
    # what runs
    command: cargo test

  - name: image
    type: docker_build
    needs: [ unit tests ]
    config: { image: "{{ image }}",  tag: v1 }   # one line
    # said of the image

  # ---- out there ----

  # the last one
  -   name: script
      type: script
      script: |   # keep
          set -x

          make
      retry: {attempts: 2}
`

function edited(text: string, change: (draft: Draft) => void): string {
  const result = edit(text, change)
  if (!result.ok) throw new Error(`refused: ${result.reason}`)
  return result.text
}

/** Lines out with `-`, lines in with `+`; the order of both texts kept. */
function diff(before: string, after: string): string[] {
  const [a, b] = [before.split('\n'), after.split('\n')]
  const table = Array.from({ length: a.length + 1 }, () => Array<number>(b.length + 1).fill(0))
  const cell = (i: number, j: number) => table[i]?.[j] ?? 0
  for (let i = a.length - 1; i >= 0; i -= 1)
    for (let j = b.length - 1; j >= 0; j -= 1)
      (table[i] as number[])[j] = a[i] === b[j] ? cell(i + 1, j + 1) + 1 : Math.max(cell(i + 1, j), cell(i, j + 1))
  const out: string[] = []
  let [i, j] = [0, 0]
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) [i, j] = [i + 1, j + 1]
    else if (j >= b.length || (i < a.length && cell(i + 1, j) >= cell(i, j + 1))) out.push(`-${a[i++]}`)
    else out.push(`+${b[j++]}`)
  }
  return out
}

const change = (act: (draft: Draft) => void, text = file) => diff(text, edited(text, act))

describe('one value', () => {
  it('changes in place, the comment behind it stays', () => {
    expect(change(d => d.set(['name'], 'store'))).toEqual([
      '-name: shop            # shown in lists',
      '+name: store            # shown in lists',
    ])
  })
  it('keeps its quotes', () => {
    expect(change(d => d.set(['variables', 'image'], 'yes'))).toEqual([
      "-  image: 'registry.example.com/shop'",
      "+  image: 'yes'",
    ])
  })
  it('gets quotes where it needs them', () => {
    expect(change(d => d.set(['variables', 'count'], '0777'))).toEqual(['-  count: 3', '+  count: "0777"'])
    expect(change(d => d.set(['variables', 'count'], new Raw('4')))).toEqual(['-  count: 3', '+  count: 4'])
  })
  it('within brackets leaves the spaces between them', () => {
    expect(change(d => d.set(['steps', 1, 'config', 'tag'], '{{ build_number }}'))).toEqual([
      '-    config: { image: "{{ image }}",  tag: v1 }   # one line',
      '+    config: { image: "{{ image }}",  tag: "{{ build_number }}" }   # one line',
    ])
  })
  it('becomes a block and stays behind its comment', () => {
    expect(change(d => d.set(['name'], 'a\nb\n'))).toEqual([
      '-name: shop            # shown in lists',
      '+name: |            # shown in lists',
      '+  a',
      '+  b',
    ])
  })
  it('of several lines changes only its own line, and keeps header and indentation', () => {
    expect(change(d => d.set(['steps', 2, 'script'], 'set -x\n\nmake all\n'))).toEqual([
      '-          make',
      '+          make all',
    ])
    expect(change(d => d.set(['steps', 2, 'script'], 'set -x\n\nmake\nmake install\n'))).toEqual([
      '+          make install',
    ])
  })
  it('of several lines becomes one line', () => {
    expect(change(d => d.set(['steps', 2, 'script'], 'make'))).toEqual([
      '-      script: |   # keep',
      '-          set -x',
      '-',
      '-          make',
      '+      script: make   # keep',
    ])
  })
  it('that is not there yet gets its line', () => {
    expect(change(d => d.set(['steps', 0, 'timeout'], '5m'))).toEqual(['+    timeout: 5m'])
    expect(change(d => d.set(['steps', 0, 'timeout'], '5m', 'type'))).toEqual(['+    timeout: 5m'])
    expect(change(d => d.set(['steps', 1, 'config', 'platform'], 'linux/amd64'))).toEqual([
      '-    config: { image: "{{ image }}",  tag: v1 }   # one line',
      '+    config: { image: "{{ image }}",  tag: v1, platform: linux/amd64 }   # one line',
    ])
    expect(change(d => d.set(['steps', 0, 'config', 'shell'], 'bash'))).toEqual(['+    config:', '+      shell: bash'])
    expect(change(d => d.set(['description'], 'x', 'name'))).toEqual(['+description: x'])
  })
  it('goes, and comments on other lines stay', () => {
    expect(change(d => d.remove(['steps', 0, 'command']))).toEqual(['-    command: cargo test'])
    expect(change(d => d.remove(['variables', 'image']))).toEqual(["-  image: 'registry.example.com/shop'"])
    expect(change(d => d.remove(['steps', 1, 'config', 'image']))).toEqual([
      '-    config: { image: "{{ image }}",  tag: v1 }   # one line',
      '+    config: { tag: v1 }   # one line',
    ])
    expect(change(d => d.remove(['steps', 2, 'name']))).toEqual([
      '-  -   name: script',
      '-      type: script',
      '+  -   type: script',
    ])
  })
})

describe('lists and maps', () => {
  it('change by what differs', () => {
    const config = fromJson({ image: '{{ image }}', tag: 'v2', pull: 'x' })
    expect(change(d => d.set(['variables'], fromJson({ image: 'registry.example.com/shop', count: '4' })))).toEqual([
      '-  count: 3',
      '+  count: "4"',
    ])
    expect(change(d => d.set(['steps', 1, 'config'], config))).toHaveLength(2)
    expect(change(d => d.set(['steps', 1, 'needs'], fromJson(['unit tests', 'b'])))).toEqual([
      '-    needs: [ unit tests ]',
      '+    needs: [ unit tests, b ]',
    ])
  })
  it('become empty and full again', () => {
    const text = edited(file, d => d.set(['steps', 1, 'needs'], []))
    expect(text).toContain('    needs: []\n')
    expect(edited(text, d => d.set(['steps', 1, 'needs'], ['unit tests']))).toContain('    needs: [unit tests]\n')
    expect(change(d => d.set(['variables'], new Map()))).toHaveLength(5 + 1)
  })
})

describe('steps', () => {
  it('move up with their comments, and blank lines stay between them', () => {
    expect(edited(file, d => d.move(['steps'], 2, 0))).toBe(
      file.replace(/(steps:\n)([\s\S]*?)(\n {2}# the last one\n[\s\S]*)$/, (_, a, b, c) => `${a}${c.slice(1)}\n${b}`),
    )
    const text = edited(file, d => d.move(['steps'], 0, 1))
    expect(text.indexOf('# first things first')).toBeGreaterThan(text.indexOf('# said of the image'))
    expect(text.split('\n').sort()).toEqual(file.split('\n').sort())
    expect(edited(text, d => d.move(['steps'], 0, 1))).toBe(file)
  })
  it('go with their comments', () => {
    expect(change(d => d.remove(['steps', 2]))).toHaveLength(9)
    expect(edited(file, d => d.remove(['steps', 2]))).toBe(file.slice(0, file.indexOf('\n  # the last')))
    expect(change(d => d.remove(['steps', 0]))[0]).toBe('-  # first things first')
    expect(
      edited(file, d => {
        for (let i = 0; i < 3; i += 1) d.remove(['steps', 0])
      }),
    ).toContain('\nsteps: []\n')
  })
  it('are added where there were none', () => {
    const step = fromJson({ name: 'a', type: 'command', command: 'make\ntest\n' })
    const lines = ['  - name: a', '    type: command', '    command: |', '      make', '      test', '']
    expect(edited('name: x\nsteps: []\n', d => d.insert(['steps'], 0, step))).toBe(
      ['name: x', 'steps:', ...lines].join('\n'),
    )
    expect(edited('name: x\n', d => d.insert(['steps'], 0, step))).toBe(['name: x', 'steps:', ...lines].join('\n'))
    expect(edited('', d => d.insert(['steps'], 0, step))).toBe(['steps:', ...lines].join('\n'))
    expect(change(d => d.insert(['steps'], 1, step))).toHaveLength(6)
  })
  it('go from one stage into another, however far they are indented', () => {
    const text =
      'stages:\n- name: a\n  steps:\n  # one\n  - name: x\n    command: |\n      y\n\n       z\n  - name: y\n- name: b\n  steps:\n      - name: z\n'
    expect(edited(text, d => d.transfer(['stages', 0, 'steps'], 0, ['stages', 1, 'steps'], 1))).toBe(
      'stages:\n- name: a\n  steps:\n  - name: y\n- name: b\n  steps:\n      - name: z\n      # one\n      - name: x\n        command: |\n          y\n\n           z\n',
    )
  })
})

describe('anchors', () => {
  const text =
    'base: &base\n  a: 1\n  b: &b x\nsteps:\n  - name: a\n    config: *base\n  - name: b\n    config:\n      <<: *base\n      c: *b\n'
  it('are kept, and what they share is overridden beside them', () => {
    expect(change(d => d.set(['steps', 0, 'config', 'a'], new Raw('2')), text)).toEqual([
      '-    config: *base',
      '+    config:',
      '+      <<: *base',
      '+      a: 2',
    ])
    expect(change(d => d.set(['steps', 1, 'config', 'a'], new Raw('2')), text)).toEqual(['+      a: 2'])
    expect(change(d => d.set(['steps', 1, 'config', 'c'], 'y'), text)).toEqual(['-      c: *b', '+      c: "y"'])
    expect(change(d => d.set(['base', 'b'], 'z'), text)).toEqual(['-  b: &b x', '+  b: &b z'])
  })
  it('are not taken from under those that use them', () => {
    expect(edit(text, d => d.remove(['base', 'b']))).toEqual({ ok: false, reason: 'invalid' })
    expect(edit(text, d => d.remove(['steps', 1, 'config', 'a']))).toEqual({ ok: false, reason: 'merge' })
  })
})

describe('odd texts', () => {
  const cases: [string, string, (draft: Draft) => void, string][] = [
    ['no line break at the end', 'a: 1', d => d.set(['b'], 'x'), 'a: 1\nb: x'],
    ['a value of nothing', 'a:   # why\nb: 1\n', d => d.set(['a'], 'x'), 'a: x   # why\nb: 1\n'],
    ['a map for nothing', 'a:\nb: 1\n', d => d.set(['a', 'c'], 'x'), 'a:\n  c: x\nb: 1\n'],
    ['a tag', 'a: !!str 1\n', d => d.set(['a'], new Raw('2')), 'a: 2\n'],
    ['a document with marks', '---\na: 1\n...\n', d => d.set(['b'], 'x'), '---\na: 1\nb: x\n...\n'],
    ['kept blank lines', 'a: |+\n  x\n\n\nb: 1\n', d => d.set(['c'], 'y', 'a'), 'a: |+\n  x\n\n\nc: "y"\nb: 1\n'],
    ['tabs behind values', 'a: 1\t# c\n', d => d.set(['a'], 'x'), 'a: x\t# c\n'],
    ['a value on the next line', 'a:\n  long\nb: 1\n', d => d.set(['a'], 'x'), 'a:\n  x\nb: 1\n'],
    ['only comments', '# hello\n', d => d.set(['name'], 'x'), '# hello\nname: x\n'],
    ['null that is written', 'a: ~\n', d => d.set(['a'], ['x']), 'a: [x]\n'],
    ['a byte order mark', '\ufeffa: 1\n', d => d.set(['a'], new Raw('2')), '\ufeffa: 2\n'],
    ['brackets over lines', 'a: {\n  b: 1,\n  c: 2 # two\n}\n', d => d.remove(['a', 'b']), 'a: {\n  c: 2 # two\n}\n'],
  ]
  it.each(cases)('%s', (_, before, act, after) => {
    expect(edited(before, act)).toBe(after)
  })
  it('with two keys alike are refused', () => {
    expect(edit('a: 1\na: 2\n', d => d.set(['a'], NULL))).toEqual({ ok: false, reason: 'invalid' })
  })
})
