import { expect, it } from 'vitest'
import { edit } from './draft'
import { misspelt } from './misspelt'
import { parse } from './tree'

const text = `name: x
steps:
  - name: a
    type: command   # plain
    retry: { atempts: 2 }
    comand: make a
`
const said = (word: string, meant: string) => ({
  code: 'unknown-key',
  help: `did you mean \`${meant}\`? known words: \`x\``,
  from: text.indexOf(word),
})
const tree = parse(text).tree
if (!tree) throw new Error('no YAML')

it('a misspelt key is found where it stands', () => {
  expect(misspelt(tree, said('comand:', 'command'))).toEqual({ path: ['steps', 0], key: 'comand', meant: 'command' })
  expect(misspelt(tree, said('atempts', 'attempts'))).toEqual({
    path: ['steps', 0, 'retry'],
    key: 'atempts',
    meant: 'attempts',
  })
})

it('mended, nothing else in the text changes', () => {
  const found = misspelt(tree, said('comand:', 'command'))
  const result = edit(text, draft => found && draft.rename(found.path, found.key, found.meant))
  expect(result).toMatchObject({ ok: true, text: text.replace('comand', 'command') })
})

it('what has no better word, or is no key, is left alone', () => {
  expect(misspelt(tree, { code: 'unknown-key', help: 'known words: `a`', from: text.indexOf('comand:') })).toBeNull()
  expect(misspelt(tree, { ...said('comand:', 'command'), code: 'missing-parameter' })).toBeNull()
  expect(misspelt(tree, said('make a', 'command'))).toBeNull()
})
