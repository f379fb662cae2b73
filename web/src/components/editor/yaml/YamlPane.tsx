import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from '@codemirror/autocomplete'
import { defaultKeymap, historyKeymap, indentWithTab } from '@codemirror/commands'
import { yaml } from '@codemirror/lang-yaml'
import { bracketMatching, foldGutter, foldKeymap, indentOnInput, indentUnit } from '@codemirror/language'
import { lintGutter, lintKeymap, setDiagnostics } from '@codemirror/lint'
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search'
import { EditorState, type Extension, type StateEffect, type Transaction } from '@codemirror/state'
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
} from '@codemirror/view'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { allRegistries, secrets } from '../../../api/queries'
import type { Param, StepKind } from '../../../lib/pipeline-doc/catalogue'
import { stepAtOffset, variablesOf } from '../../../lib/pipeline-doc/view'
import { useEditor, useWords } from '../context'
import type { EditorModel, Snapshot } from '../model'
import { useAbout } from '../useAbout'
import { complete, explain, type Knowledge } from './assist'
import { look } from './look'
import { markedLines, markLines } from './mark'

/** The YAML side: CodeMirror on the model's state. */
export function YamlPane({ onSave }: { onSave: () => void }) {
  const { model, snapshot, choose, chosen, readOnly } = useEditor()
  const { t } = useTranslation('pipelines')
  const host = useRef<HTMLDivElement>(null)
  const knowledge = useKnowledge(model)
  const save = useRef(onSave)
  const steer = useRef({ choose, chosen })
  useEffect(() => {
    save.current = onSave
    steer.current = { choose, chosen }
  })
  const fixed = readOnly && snapshot.broken === null
  // The view is an island that React does not draw: made once, told of changes.
  useEffect(() => {
    const parent = host.current
    if (!parent) return
    const extensions = [
      ...BASE,
      explain(knowledge),
      autocompletion({ override: [complete(knowledge)], icons: false }),
      EditorState.phrases.of(t('editor.phrases', { returnObjects: true })),
      EditorView.contentAttributes.of({ 'aria-label': t('editor.yaml'), tabindex: '0' }),
      EditorState.readOnly.of(fixed),
      keymap.of([
        {
          key: 'Mod-s',
          preventDefault: true,
          run: () => {
            save.current()
            return true
          },
        },
      ]),
      EditorView.updateListener.of(update => {
        const byHand = update.transactions.some(one => one.isUserEvent('select') || one.isUserEvent('input.type'))
        if (!update.selectionSet || !byHand) return
        const step = stepAtOffset(model.snapshot().view, update.state.selection.main.head)?.index ?? null
        if (step !== steer.current.chosen) steer.current.choose(step)
      }),
    ]
    const view = new EditorView({
      state: model.editorState(extensions),
      parent,
      dispatchTransactions: (transactions: readonly Transaction[], view: EditorView) => {
        view.update(transactions)
        model.took(view.state, transactions)
        reveal(view, transactions)
      },
    })
    model.attach(view)
    showDiagnostics(view, model.snapshot())
    return () => {
      model.attach(null)
      view.destroy()
    }
  }, [model, knowledge, t, fixed])
  useEffect(() => {
    const view = model.editorView
    if (view) showDiagnostics(view, snapshot)
  }, [model, snapshot])
  // The lines of the chosen step are marked, and brought into sight when it was chosen in the form.
  const step = chosen === null ? undefined : snapshot.view.steps[chosen]
  const [from, to] = step && !snapshot.broken ? [step.from, step.to] : [-1, -1]
  const marked = useRef<number | null>(null)
  useEffect(() => {
    const view = model.editorView
    if (!view || to > view.state.doc.length) return
    const jump = marked.current !== chosen && from >= 0 && !view.hasFocus
    marked.current = chosen
    const effects: StateEffect<unknown>[] = [markLines.of(from < 0 ? null : { from, to })]
    if (jump) effects.push(EditorView.scrollIntoView(from, { y: 'start', yMargin: 40 }))
    view.dispatch({ effects })
  }, [model, chosen, from, to])
  return <div ref={host} className="yaml-pane" data-pane="yaml" />
}

/** What an edit from the form changed is brought into sight. */
function reveal(view: EditorView, transactions: readonly Transaction[]): void {
  const form = transactions.find(
    one => one.isUserEvent('input.form') || one.isUserEvent('undo') || one.isUserEvent('redo'),
  )
  if (!form || view.hasFocus) return
  let at = -1
  form.changes.iterChanges((_from, _to, fromB) => {
    if (at < 0) at = fromB
  })
  if (at >= 0)
    requestAnimationFrame(() =>
      view.dispatch({
        effects: EditorView.scrollIntoView(Math.min(at, view.state.doc.length), { y: 'nearest', yMargin: 60 }),
      }),
    )
}

const shown = new WeakMap<EditorView, Snapshot['diagnostics']>()

function showDiagnostics(view: EditorView, snapshot: Snapshot): void {
  // While the text changes CodeMirror moves them along itself.
  if (snapshot.checking || shown.get(view) === snapshot.diagnostics) return
  shown.set(view, snapshot.diagnostics)
  const length = view.state.doc.length
  const found = snapshot.diagnostics.map(one => ({
    from: Math.min(one.from, length),
    to: Math.min(one.to, length),
    severity: one.severity,
    message: one.help ? `${one.message}\n${one.help}` : one.message,
  }))
  view.dispatch(setDiagnostics(view.state, found))
}

const BASE: Extension[] = [
  lineNumbers(),
  lintGutter(),
  foldGutter({ openText: '⌄', closedText: '›' }),
  highlightActiveLineGutter(),
  highlightSpecialChars(),
  drawSelection(),
  indentOnInput(),
  indentUnit.of('  '),
  EditorState.tabSize.of(2),
  bracketMatching(),
  closeBrackets(),
  highlightActiveLine(),
  highlightSelectionMatches(),
  search({ top: true }),
  yaml(),
  look,
  markedLines,
  keymap.of([
    ...closeBracketsKeymap,
    ...defaultKeymap,
    ...searchKeymap,
    ...historyKeymap,
    ...foldKeymap,
    ...completionKeymap,
    ...lintKeymap,
    indentWithTab,
  ]),
]

function useKnowledge(model: EditorModel): Knowledge {
  const { catalogue } = useEditor()
  const words = useWords()
  const { t, i18n } = useTranslation('pipelines')
  const about = useAbout()
  const query = useInfiniteQuery(secrets)
  const stored = useQuery(allRegistries)
  const names = useRef<string[]>([])
  const registries = useRef<string[]>([])
  useEffect(() => {
    registries.current = stored.data?.map(one => one.name) ?? []
    names.current = query.data?.pages.flatMap(page => page.items.map(secret => secret.name)) ?? []
  })
  return useMemo(
    () => ({
      catalogue,
      about: (param: Param) => about(param),
      kindAbout: (kind: StepKind) => ({ title: words(kind.title), help: words(kind.summary) }),
      keyAbout: (key: string) =>
        i18n.exists(`pipelines:keys.${key}`)
          ? { title: key, help: t(`keys.${key}` as 'keys.variables', { open: '{{', close: '}}' }) }
          : null,
      stepNames: () =>
        model
          .snapshot()
          .view.steps.map(step => step.name)
          .filter(name => name !== ''),
      variables: () => variablesOf(model.snapshot().view).map(variable => variable.name),
      secrets: () => names.current,
      registries: () => registries.current,
    }),
    [catalogue, model, i18n.exists, words, t, about],
  )
}
