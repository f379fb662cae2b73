import { expect, it } from 'vitest'
import { cursorAt } from './cursor'

/** The cursor stands at `|`. */
function at(text: string) {
  const offset = text.indexOf('§')
  const { writing, path, key, word, stepType } = cursorAt(text.replace('§', ''), offset)
  return { writing, path: path.join('.'), key, word, stepType }
}

it('a key of the pipeline', () => {
  expect(at('name: x\nvar§')).toEqual({ writing: 'key', path: '', key: null, word: 'var', stepType: null })
})
it('a key of a step', () => {
  expect(at('steps:\n  - name: a\n    type: git\n    co§\n  - name: b\n    type: script\n')).toMatchObject({
    writing: 'key',
    path: 'steps.-',
    stepType: 'git',
  })
  expect(at('steps:\n- name: a\n  §\n  type: git\n')).toMatchObject({ path: 'steps.-', stepType: 'git' })
  expect(at('steps:\n  - §\n')).toMatchObject({ writing: 'key', path: 'steps.-', key: 'steps' })
})
it('a key of its configuration', () => {
  expect(
    at('stages:\n  - name: s\n    steps:\n      - type: git\n        config:\n          # x\n          u§'),
  ).toMatchObject({
    path: 'stages.-.steps.-.config',
    word: 'u',
    stepType: 'git',
  })
})
it('a value', () => {
  expect(at('steps:\n  - type: §')).toMatchObject({ writing: 'value', key: 'type', path: 'steps.-' })
  expect(at('steps:\n  - name: a\n    type: ap§')).toMatchObject({ writing: 'value', key: 'type', word: 'ap' })
  expect(at('steps:\n  - name: a\n    type: x\n    needs:\n      - §\n')).toMatchObject({
    key: 'needs',
    path: 'steps.-.needs.-',
    stepType: 'x',
  })
})
it('siblings, so that none is offered twice', () => {
  const text = 'steps:\n  - name: a\n    \n    type: git # c\n    config: {}\n  - when: x\n'
  expect(cursorAt(text, text.indexOf('    \n') + 4).siblings.sort()).toEqual(['config', 'name', 'type'])
})
