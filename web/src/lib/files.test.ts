import { expect, it } from 'vitest'
import { bundle, readText, unbundle } from './files'

it('pipelines that were put into one file come out again as they were', () => {
  const texts = ['name: a\n', '---\nname: b\nsteps: []\n', '# c\nname: 构建\n']
  expect(unbundle(bundle(texts.map((text, index) => ({ name: `n${index}`, text }))))).toEqual(texts)
})
it('one pipeline is one', () => {
  expect(unbundle('---\nname: a\n')).toEqual(['---\nname: a\n'])
})
it('what is no text is not read', async () => {
  expect(await readText(new Blob([new Uint8Array([0xff, 0xfe, 0xc0])]))).toBeNull()
  expect(await readText(new Blob(['\ufeffa']))).toBe('\ufeffa')
})
