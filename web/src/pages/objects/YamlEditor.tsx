import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands'
import { yaml } from '@codemirror/lang-yaml'
import { foldGutter, foldKeymap, indentUnit } from '@codemirror/language'
import { search, searchKeymap } from '@codemirror/search'
import { EditorState } from '@codemirror/state'
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { look } from '../../components/editor/yaml/look'
import { markedLines, markLines } from '../../components/editor/yaml/mark'

interface Props {
  /** With what it begins; another text needs another `key`. */
  text: string
  label: string
  readOnly: boolean
  /** The line, from 1, in which something is wrong. A new object shows it anew. */
  mistake?: { line: number } | null
  onChange: (text: string) => void
}

/** CodeMirror on one object's YAML. */
export function YamlEditor({ text, label, readOnly, mistake = null, onChange }: Props) {
  const { t } = useTranslation('pipelines')
  const host = useRef<HTMLDivElement>(null)
  const drawn = useRef<EditorView>(null)
  const tell = useRef(onChange)
  useEffect(() => {
    tell.current = onChange
  })
  // The view is an island that React does not draw: made once.
  // biome-ignore lint/correctness/useExhaustiveDependencies: of `text` only the first value counts
  useEffect(() => {
    const parent = host.current
    if (!parent) return
    const view = new EditorView({
      parent,
      state: EditorState.create({
        doc: text,
        extensions: [
          lineNumbers(),
          foldGutter({ openText: '⌄', closedText: '›' }),
          drawSelection(),
          highlightActiveLine(),
          history(),
          yaml(),
          look,
          markedLines,
          search({ top: true }),
          indentUnit.of('  '),
          EditorState.phrases.of(t('editor.phrases', { returnObjects: true })),
          EditorState.readOnly.of(readOnly),
          EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' }),
          keymap.of([...defaultKeymap, ...historyKeymap, ...foldKeymap, ...searchKeymap, indentWithTab]),
          EditorView.updateListener.of(update => {
            if (update.docChanged) tell.current(update.state.doc.toString())
          }),
        ],
      }),
    })
    drawn.current = view
    return () => {
      drawn.current = null
      view.destroy()
    }
  }, [label, readOnly, t])
  // Whoever is told of a mistake stands at it.
  useEffect(() => {
    const view = drawn.current
    if (!view) return
    if (mistake === null || mistake.line > view.state.doc.lines) {
      view.dispatch({ effects: markLines.of(null) })
      return
    }
    const { from, to } = view.state.doc.line(mistake.line)
    view.dispatch({
      selection: { anchor: from + (/^\s*/.exec(view.state.sliceDoc(from, to))?.[0].length ?? 0) },
      effects: [markLines.of({ from, to }), EditorView.scrollIntoView(from, { y: 'center' })],
    })
    view.focus()
  }, [mistake])
  return <div ref={host} className={`yaml-editor${mistake ? ' mistaken' : ''}`} />
}
