// Over the real catalogue: what the form shows, the text says, and the other way round.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Param, StepKind } from './catalogue'
import catalogueJson from './catalogue.fixture.json'
import { edit } from './draft'
import { type Field, fieldIn, fieldOnStep, setField } from './field'
import type { FormValue } from './form'
import { formOf, texts } from './samples'
import { parse, read, type Tree } from './tree'
import { fromJson, same } from './value'
import { viewOf } from './view'

const catalogue = catalogueJson as StepKind[]
/** The suite asks for the same few each time; a campaign (`RUNS=400`) draws others. */
const RUNS = Number(process.env.RUNS ?? 6)
const SEED = process.env.RUNS ? undefined : 20_261_121

function treeOf(text: string): Tree {
  const parsed = parse(text)
  if (!parsed.tree) throw new Error(`${parsed.broken.message}\n${text}`)
  return parsed.tree
}

const stepOf = (tree: Tree) => {
  const step = viewOf(tree).steps[1]
  if (!step) throw new Error('no step')
  return step
}

type Get = (tree: Tree) => Field

/** Every value that stands anywhere, but for what lies at one place. */
function otherFields(tree: Tree, kind: StepKind, but: Param): unknown {
  return kind.parameters
    .filter(param => param !== but)
    .map(param => fieldOnStep(tree, stepOf(tree).path, kind, param).form)
}

function check(before: string, kind: StepKind, top: Param, get: Get, form: FormValue): void {
  const tree = treeOf(before)
  const was = get(tree)
  const result = edit(before, draft => setField(draft, get(draft.tree), form))
  const context = JSON.stringify({ form, before })
  expect(result.ok, context).toBe(true)
  if (!result.ok) return
  const after = treeOf(result.text)
  const now = get(after)
  if (form.as === 'tree' && form.inline) {
    expect(now.form?.as === 'tree' && now.form.inline, context).toBe(true)
    const means = (text: string) => read(treeOf(text), treeOf(text).root)
    const text = (now.form as { text: string }).text
    expect(same(means(form.text), means(text)), context).toBe(true)
    // Between brackets it is laid out anew; a line break at the end may say nothing.
    if (!before.includes('config: {')) expect(text.trimEnd(), context).toEqual(form.text.trimEnd())
  } else expect(normal(now.form), context).toEqual(normal(form))
  expect(otherFields(after, kind, top), context).toEqual(otherFields(tree, kind, top))
  const [a, b] = [stepOf(tree), stepOf(after)]
  expect(result.text.slice(0, b.from), context).toBe(before.slice(0, a.from))
  expect(result.text.slice(result.text.indexOf('  # behind')), context).toBe(before.slice(before.indexOf('  # behind')))
  // The same again changes nothing, and taking out what was not there leaves nothing behind.
  const again = edit(result.text, draft => setField(draft, get(draft.tree), now.form))
  expect(again.ok && again.text, context).toBe(result.text)
  if (was.form === null && !was.found) {
    const undone = edit(result.text, draft => setField(draft, get(draft.tree), null))
    expect(undone.ok, context).toBe(true)
    if (undone.ok)
      expect(
        same(read(tree, tree.root), read(treeOf(undone.text), treeOf(undone.text).root)) || pruned(before),
        context,
      ).toBe(true)
  }
}

/** A container that was there and empty goes with the last that was in it. */
const pruned = (text: string) => text.includes('parameters:\n')

/** A row of nothing but an unreadable text comes back as that text. */
function normal(form: FormValue | null): unknown {
  if (form?.as !== 'rows') return form
  return { as: 'rows', rows: form.rows.map(row => ({ whole: undefined, ...row })) }
}

function leaves(params: readonly Param[], get: (tree: Tree, param: Param) => Field): [Param, Get][] {
  return params.flatMap((param): [Param, Get][] => {
    const here: Get = tree => get(tree, param)
    if (param.kind !== 'object') return param.kind === 'objects' ? [] : [[param, here]]
    return leaves(param.fields ?? [], (tree, inner) => fieldIn(tree, here(tree).path, inner))
  })
}

describe.each(catalogue.map(kind => [kind.type, kind] as const))('%s', (_, kind) => {
  const bodies = texts(kind)
  const top = (param: Param) =>
    kind.parameters.find(one => one === param || JSON.stringify(one.fields ?? '').includes(`"key":"${param.key}"`)) ??
    param
  it('read and not edited, is the same text', () => {
    for (const body of bodies) {
      const tree = treeOf(body)
      for (const param of kind.parameters) {
        const result = edit(body, draft =>
          setField(
            draft,
            fieldOnStep(draft.tree, stepOf(draft.tree).path, kind, param),
            fieldOnStep(tree, stepOf(tree).path, kind, param).form,
          ),
        )
        expect(result.ok && result.text, param.key).toBe(body)
      }
    }
  })
  it.each(
    leaves(kind.parameters, (tree, param) => fieldOnStep(tree, stepOf(tree).path, kind, param)).map(
      ([param, get]) => [param.key, param, get] as const,
    ),
  )('%s: form → text → form', (_key, param, get) => {
    fc.assert(
      fc.property(formOf(param.kind), fc.constantFrom(...bodies), (form, body) =>
        check(body, kind, top(param), get, form),
      ),
      { numRuns: RUNS, seed: SEED },
    )
  })
})

describe('lists of objects', () => {
  const ports = catalogue
    .find(kind => kind.type === 'k8s_deploy')
    ?.parameters.find(param => param.key === 'deployment_spec')
    ?.fields?.find(param => param.key === 'ports')
  it('change by their own lines', () => {
    const before =
      'steps:\n  - name: a\n    config:\n      ports:\n        # http\n        - { container_port: 80 }\n        - container_port: 443 # tls\n          name: https\n'
    const path = ['steps', 0, 'config', 'ports']
    const name = ports?.fields?.find(param => param.key === 'name') as Param
    const result = edit(before, draft => {
      setField(draft, fieldIn(draft.tree, [...path, 0], name), { as: 'text', text: 'http' })
      draft.insert(path, 2, fromJson({ name: 'x' }))
      draft.remove([...path, 1, 'name'])
    })
    expect(result.ok && result.text).toBe(
      'steps:\n  - name: a\n    config:\n      ports:\n        # http\n        - { container_port: 80, name: http }\n        - container_port: 443 # tls\n        - name: x\n',
    )
  })
})
