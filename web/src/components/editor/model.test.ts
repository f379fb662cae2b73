import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { StepKind } from '../../lib/pipeline-doc/catalogue'
import catalogueJson from '../../lib/pipeline-doc/catalogue.fixture.json'
import { texts } from '../../lib/pipeline-doc/samples'
import { EditorModel } from './model'

const model = (text: string) => new EditorModel(text, () => Promise.resolve({ diagnostics: [], outline: null }))

describe('what is opened and saved again', () => {
  it.each((catalogueJson as StepKind[]).map(kind => [kind.type, kind] as const))('is the same text: %s', (_, kind) => {
    for (const text of texts(kind)) {
      expect(model(text).textToSave()).toBe(text)
      const windows = text.replaceAll('\n', '\r\n')
      expect(model(windows).textToSave()).toBe(windows)
    }
  })

  it('is the same text, whatever its lines end in', () => {
    const line = fc.constantFrom('name: x', '# a', '', 'steps: []', '\t', '名称: 值')
    const end = fc.constantFrom('\n', '\r\n', '\r')
    fc.assert(
      fc.property(fc.array(fc.tuple(line, end)), lines => {
        const text = lines.flat().join('')
        expect(model(text).textToSave()).toBe(text)
      }),
    )
  })

  it('is the same text after an edit that was undone', () => {
    const [kind] = catalogueJson as StepKind[]
    for (const text of kind ? texts(kind) : []) {
      const edited = model(text)
      const refused = edited.edit(draft => draft.set(['name'], 'another', null))
      expect(refused).toBeNull()
      expect(edited.textToSave()).not.toBe(text)
      edited.undo()
      expect(edited.textToSave()).toBe(text)
      edited.dispose()
    }
  })
})
