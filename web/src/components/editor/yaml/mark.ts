// The lines that the form is about.

import { StateEffect, StateField } from '@codemirror/state'
import { Decoration, type DecorationSet, EditorView } from '@codemirror/view'

export const markLines = StateEffect.define<{ from: number; to: number } | null>()

const line = Decoration.line({ class: 'cm-chosen' })

export const markedLines = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(marks, transaction) {
    let next = marks.map(transaction.changes)
    for (const effect of transaction.effects) {
      if (!effect.is(markLines)) continue
      const { doc } = transaction.state
      if (!effect.value) next = Decoration.none
      else {
        const [first, last] = [
          doc.lineAt(effect.value.from).number,
          doc.lineAt(Math.min(effect.value.to, doc.length)).number,
        ]
        const lines = Array.from({ length: last - first + 1 }, (_, index) => line.range(doc.line(first + index).from))
        next = Decoration.set(lines)
      }
    }
    return next
  },
  provide: field => EditorView.decorations.from(field),
})
