import { yaml } from '@codemirror/lang-yaml'
import { defaultHighlightStyle, syntaxHighlighting } from '@codemirror/language'
import { MergeView, unifiedMergeView } from '@codemirror/merge'
import { EditorState } from '@codemirror/state'
import { EditorView, lineNumbers } from '@codemirror/view'
import { useEffect, useRef } from 'react'

interface Props {
  before: string
  after: string
  /** One text with both kinds of lines, rather than two beside each other. */
  unified: boolean
  /** With all that did not change. */
  whole?: boolean
  label: string
  /** Shown over the texts when they stand beside each other. */
  names: [string, string]
  /** CodeMirror's own words in the page's language. */
  phrases: Record<string, string>
}

/** Two texts and what differs. */
export function Diff({ before, after, unified, whole = false, label, names, phrases }: Props) {
  const host = useRef<HTMLDivElement>(null)
  const words = JSON.stringify(phrases)
  // A foreign library that draws into a box of ours.
  useEffect(() => {
    const parent = host.current
    if (!parent) return
    const extensions = (name: string) => [
      lineNumbers(),
      yaml(),
      syntaxHighlighting(defaultHighlightStyle, { fallback: true }),
      EditorState.readOnly.of(true),
      EditorState.lineSeparator.of('\n'),
      EditorState.phrases.of(JSON.parse(words) as Record<string, string>),
      EditorView.lineWrapping,
      EditorView.contentAttributes.of({ 'aria-label': name, tabindex: '0' }),
      EditorView.editable.of(false),
      theme,
    ]
    const collapse = whole ? {} : { collapseUnchanged: { margin: 3, minSize: 6 } }
    if (unified) {
      const merge = unifiedMergeView({
        original: before,
        mergeControls: false,
        highlightChanges: true,
        ...collapse,
      })
      const view = new EditorView({ doc: after, extensions: [...extensions(label), merge], parent })
      return () => view.destroy()
    }
    const view = new MergeView({
      a: { doc: before, extensions: extensions(names[0]) },
      b: { doc: after, extensions: extensions(names[1]) },
      gutter: true,
      ...collapse,
      parent,
    })
    return () => view.destroy()
  }, [before, after, unified, whole, label, names[0], names[1], words])
  return (
    <div className="diff">
      {!unified && (
        <div className="diff-names" aria-hidden="true">
          <span>{names[0]}</span>
          <span>{names[1]}</span>
        </div>
      )}
      <div ref={host} className="diff-body" />
    </div>
  )
}

const theme = EditorView.theme({
  '&': { backgroundColor: 'var(--surface)', color: 'var(--text)', fontSize: '13px' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '1.55' },
  '.cm-gutters': { backgroundColor: 'var(--surface)', color: 'var(--muted)', border: 'none' },
  '.cm-content span': { color: 'inherit' },
  '.cm-changedLine': { backgroundColor: 'var(--good-soft) !important' },
  '.cm-deletedChunk, .cm-merge-a .cm-changedLine': { backgroundColor: 'var(--bad-soft) !important' },
  '.cm-changedText': { background: 'color-mix(in srgb, var(--good-solid) 30%, transparent) !important' },
  '.cm-deletedText, &.cm-merge-a .cm-changedText': {
    background: 'color-mix(in srgb, var(--bad-solid) 30%, transparent) !important',
  },
  '&.cm-merge-a .cm-changedLine': { backgroundColor: 'var(--bad-soft) !important' },
  '.cm-collapsedLines': { background: 'var(--sunken)', color: 'var(--muted)', padding: '2px 8px' },
  // Its own signs are in few fonts.
  '.cm-collapsedLines::before, .cm-collapsedLines::after': { content: '"⋯" !important' },
})
