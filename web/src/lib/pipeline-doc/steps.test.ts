import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { StepKind } from './catalogue'
import catalogueJson from './catalogue.fixture.json'
import { type Draft, edit } from './draft'
import { type Field, removeAndPrune, setField } from './field'
import { addStage, copyStep, freeName, moveStep, newStep, renameStep } from './steps'
import { parse, read } from './tree'
import { same } from './value'
import { type PipelineView, stepAtOffset, stepSettings, variablesOf, viewOf } from './view'

const catalogue = catalogueJson as StepKind[]

function view(text: string): PipelineView {
  const parsed = parse(text)
  if (!parsed.tree) throw new Error(parsed.broken.message)
  return viewOf(parsed.tree)
}

function edited(text: string, change: (draft: Draft, view: PipelineView) => void): string {
  const result = edit(text, draft => change(draft, viewOf(draft.tree)))
  if (!result.ok) throw new Error(`refused: ${result.reason}`)
  return result.text
}

const step = (view: PipelineView, name: string) => {
  const found = view.steps.find(step => step.name === name)
  if (!found) throw new Error(`no ${name}`)
  return found
}

const flat = `name: x
steps:
  # a is first
  - name: a
    type: command
    command: make a   # all of a

  # b after it
  - name: b
    type: command
    needs: [ a ]   # only a
    command: |
      make b

  - name: c
    type: script
    needs: a
    environment: { X: 1 }
    timeout_seconds: 60
    retry_policy:
      max_retries: 2
`

describe('a step', () => {
  it('is renamed with every need that names it', () => {
    expect(edited(flat, (d, v) => renameStep(d, v, step(v, 'a'), 'yes'))).toBe(
      flat.replace('name: a\n', 'name: "yes"\n').replace('[ a ]', '[ "yes" ]').replace('needs: a\n', 'needs: "yes"\n'),
    )
  })
  it('without a name gets one', () => {
    const text = 'steps:\n  - type: command\n    command: x\n'
    expect(edited(text, (d, v) => renameStep(d, v, v.steps[0] as never, 'a'))).toBe(
      'steps:\n  - name: a\n    type: command\n    command: x\n',
    )
  })
  it('is copied with its comments', () => {
    const text = edited(flat, (d, v) => copyStep(d, v, step(v, 'a'), freeName(v, 'a')))
    expect(text).toContain(
      '\n\n  # a is first\n  - name: a 2\n    type: command\n    command: make a   # all of a\n\n  # b after it\n',
    )
  })
  it('of every type is added with what it needs, and says so after it is read', () => {
    for (const kind of catalogue) {
      const text = edited(flat, (d, v) => d.insert(['steps'], 1, newStep(v, catalogue, kind, 'new')))
      expect(step(view(text), 'new').type).toBe(kind.type)
      expect(text.replace(/\n\n {2}- name: new\n[\s\S]*?(?=\n\n {2}# b after)/, '')).toBe(flat)
    }
    const deploy = catalogue.find(kind => kind.type === 'k8s_deploy') as StepKind
    expect(edited('steps: []\n', (d, v) => d.insert(['steps'], 0, newStep(v, catalogue, deploy, 'go')))).toBe(
      'steps:\n  - name: go\n    type: k8s_deploy\n    config:\n      cluster: staging\n',
    )
  })
  it('is moved, its number with its place', () => {
    const text = 'steps:\n  - { name: a, order: 10 }\n  - { name: b, order: 20 }\n  - { name: c, order: 30 }\n'
    expect(edited(text, (d, v) => moveStep(d, v, step(v, 'c'), 0, 0))).toBe(
      'steps:\n  - { name: c, order: 10 }\n  - { name: a, order: 20 }\n  - { name: b, order: 30 }\n',
    )
  })
  it('is moved to anywhere, and every line is still there', () => {
    fc.assert(
      fc.property(fc.nat(2), fc.nat(2), (from, to) => {
        const text = edited(flat, (d, v) => moveStep(d, v, v.steps[from] as never, 0, to))
        expect(text.split('\n').sort()).toEqual(flat.split('\n').sort())
        expect(edited(text, (d, v) => moveStep(d, v, v.steps[to] as never, 0, from))).toBe(flat)
      }),
    )
  })
})

describe('settings under their other names', () => {
  const field = (fields: Field[], key: string) => {
    const found = fields.find(field => field.param.key === key)
    if (!found) throw new Error(key)
    return found
  }
  it('stay under them', () => {
    const set = (key: string, text: string) =>
      edited(flat, (d, v) => setField(d, field(stepSettings(v, step(v, 'c')), key), { as: 'text', text }))
    expect(set('timeout', '5m')).toBe(flat.replace('timeout_seconds: 60', 'timeout_seconds: 300'))
    expect(set('timeout', '{{ x }}')).toBe(flat.replace('timeout_seconds: 60', 'timeout_seconds: "{{ x }}"'))
    expect(
      edited(flat, (d, v) =>
        setField(d, field(stepSettings(v, step(v, 'c')), 'env'), {
          as: 'pairs',
          pairs: [
            ['X', '1'],
            ['B', 'z'],
          ],
        }),
      ),
    ).toBe(flat.replace('{ X: 1 }', '{ X: 1, B: z }'))
  })
  it('new ones stand where people write them', () => {
    expect(
      edited(flat, (d, v) =>
        setField(d, field(stepSettings(v, step(v, 'b')), 'when'), { as: 'text', text: 'git_branch == "main"' }),
      ),
    ).toBe(flat.replace('# only a\n', '# only a\n    when: git_branch == "main"\n'))
  })
  it('go and take what was empty with them', () => {
    expect(edited(flat, (d, v) => removeAndPrune(d, [...step(v, 'c').path, 'retry_policy', 'max_retries']))).toBe(
      flat.replace('    retry_policy:\n      max_retries: 2\n', ''),
    )
  })
})

describe('stages', () => {
  const staged =
    'pipeline:\n  name: x\n  stages:\n    - name: one\n      steps:\n        - name: a\n    - name: two\n      steps:\n        # about b\n        - name: b\n          needs: [a]\n'
  it('are seen with their steps, under `pipeline` too', () => {
    const seen = view(staged)
    expect(seen.lists.map(list => [list.stage?.name, list.steps.map(step => step.name)])).toEqual([
      ['one', ['a']],
      ['two', ['b']],
    ])
    expect(stepAtOffset(seen, staged.indexOf('needs'))?.name).toBe('b')
  })
  it('give steps to each other', () => {
    expect(edited(staged, (d, v) => moveStep(d, v, step(v, 'b'), 0, 0))).toBe(
      'pipeline:\n  name: x\n  stages:\n    - name: one\n      steps:\n        # about b\n        - name: b\n          needs: [a]\n        - name: a\n    - name: two\n      steps: []\n',
    )
  })
  it('are added', () => {
    const kind = catalogue[0] as StepKind
    expect(edited(staged, (d, v) => addStage(d, v, 'three', newStep(v, catalogue, kind, 'c')))).toBe(
      `${staged}    - name: three\n      steps:\n        - name: c\n          type: command\n          command: make test\n`,
    )
  })
})

it('variables are listed with their texts', () => {
  expect(variablesOf(view('variables:\n  a: 0777\n  b: [1]\n  c: ~\n')).map(({ name, text }) => [name, text])).toEqual([
    ['a', '0777'],
    ['b', null],
    ['c', ''],
  ])
})

describe('any edits one after another', () => {
  const anything = `# head
name: "x"  # n
env: &env
  A: 1
variables: {a: 1,   b: 'two'}

steps:

  # 1
  - name: a   # aa
    type: command
    env:
      <<: *env
      # inner
      B: |
        b

        c
    command: >-
      folded
      text
    # tail of a

  # ---

  - {name: b, type: git, config: {url: "https://x/y", }}
  -
    # odd
    name: c
    type: docker_run
    config:
      image: x
      ports: ["80:80", 443]
      environment:
      - A=1
      - B=2   # two
    zzz: {kept: [1,
      2]}
# end`
  it('leave a text that says what was meant, or are refused', () => {
    const act = fc.oneof(
      fc.record({ do: fc.constant('move' as const), from: fc.nat(3), to: fc.nat(3) }),
      fc.record({
        do: fc.constant('set' as const),
        step: fc.nat(3),
        key: fc.constantFrom('when', 'timeout', 'name', 'description', 'zzz'),
        text: fc.constantFrom('x', 'a\nb\n', '# y', '{{ z }}', '5'),
      }),
      fc.record({
        do: fc.constant('remove' as const),
        step: fc.nat(3),
        key: fc.constantFrom('when', 'config', 'env', 'command', 'type'),
      }),
      fc.record({ do: fc.constant('add' as const), at: fc.nat(3), kind: fc.constantFrom(...catalogue) }),
      fc.record({
        do: fc.constant('env' as const),
        step: fc.nat(3),
        key: fc.constantFrom('A', 'B', 'C', 'D'),
        text: fc.constantFrom('x', 'a\nb', ''),
      }),
      fc.record({ do: fc.constant('drop' as const), step: fc.nat(3) }),
    )
    let refused = 0
    let made = 0
    fc.assert(
      fc.property(fc.array(act, { minLength: 1, maxLength: 8 }), acts => {
        let text = anything
        for (const one of acts) {
          const before = view(text)
          const count = before.steps.length
          if (count === 0) return
          const path = ['steps', 'step' in one ? one.step % count : 0]
          const result = edit(text, draft => {
            if (one.do === 'move') moveStep(draft, before, before.steps[one.from % count] as never, 0, one.to % count)
            if (one.do === 'set') draft.set([...path, one.key], one.text)
            if (one.do === 'remove') draft.remove([...path, one.key])
            if (one.do === 'add')
              draft.insert(['steps'], one.at % (count + 1), newStep(before, catalogue, one.kind, 'new'))
            if (one.do === 'env') draft.set([...path, 'env', one.key], one.text)
            if (one.do === 'drop') draft.remove(path)
          })
          if (!result.ok) {
            refused += 1
            continue
          }
          made += 1
          const after = view(result.text)
          expect(result.text.startsWith('# head\nname: "x"  # n\n')).toBe(true)
          expect(result.text.endsWith('# end')).toBe(true)
          if (one.do === 'move')
            expect(
              result.text
                .split('\n')
                .filter(line => line !== '')
                .sort(),
            ).toEqual(
              text
                .split('\n')
                .filter(line => line !== '')
                .sort(),
            )
          if (one.do === 'set')
            expect(
              same(read(after.tree, after.tree.root), read(before.tree, before.tree.root)) || result.text !== text,
            ).toBe(true)
          text = result.text
        }
      }),
      { numRuns: 150 },
    )
    expect(refused).toBeLessThan(made / 10)
  })
})
