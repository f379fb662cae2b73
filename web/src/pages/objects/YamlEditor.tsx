import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands'
import { yaml } from '@codemirror/lang-yaml'
import { foldGutter, foldKeymap, indentUnit } from '@codemirror/language'
import { search, searchKeymap } from '@codemirror/search'
import { EditorState } from '@codemirror/state'
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { look } from '../../components/editor/yaml/look'

interface Props {
  /** With what it begins; another text needs another `key`. */
  text: string
  label: string
  readOnly: boolean
  onChange: (text: string) => void
}

/** CodeMirror on one object's YAML. */
export function YamlEditor({ text, label, readOnly, onChange }: Props) {
  const { t } = useTranslation('pipelines')
  const host = useRef<HTMLDivElement>(null)
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
    return () => view.destroy()
  }, [label, readOnly, t])
  return <div ref={host} className="yaml-editor" />
}
