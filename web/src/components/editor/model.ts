// The text that is edited, and everything that is known of it. CodeMirror's state is the one owner of the text and of
// its history; the form changes it through `edit`, the text side through its view.

import { history, redo, redoDepth, undo, undoDepth } from '@codemirror/commands'
import {
  ChangeSet,
  Compartment,
  EditorState,
  type Extension,
  type Transaction,
  type TransactionSpec,
} from '@codemirror/state'
import type { EditorView } from '@codemirror/view'
import type { Diagnostic, Outline, Validation } from '../../api/types'
import { type Draft, edit } from '../../lib/pipeline-doc/draft'
import type { Reason } from '../../lib/pipeline-doc/extent'
import { inOrder, Lines } from '../../lib/pipeline-doc/lines'
import { rangeOf } from '../../lib/pipeline-doc/positions'
import { type Broken, parse } from '../../lib/pipeline-doc/tree'
import { type PipelineView, viewOf } from '../../lib/pipeline-doc/view'

/** A diagnostic and where it now stands in the text. */
export interface Located extends Diagnostic {
  from: number
  to: number
}

export interface Snapshot {
  text: string
  /** Of the last text that was YAML. */
  view: PipelineView
  /** Why the text is none now; the form then shows the last good one. */
  broken: Broken | null
  diagnostics: readonly Located[]
  outline: Outline | null
  /** The server has not yet said anything of this text. */
  checking: boolean
  /** Why the server could not be asked. */
  unchecked: unknown
  canUndo: boolean
  canRedo: boolean
}

type Validate = (text: string) => Promise<Validation>
const PAUSE = 300

export class EditorModel {
  private state: EditorState
  private shown: EditorView | null = null
  private readonly listeners = new Set<() => void>()
  private readonly extras = new Compartment()
  private readonly crlf: boolean
  private timer: ReturnType<typeof setTimeout> | undefined
  private asked = 0
  private current: Snapshot
  private outline: Outline | null = null

  constructor(
    text: string,
    private readonly validate: Validate,
  ) {
    // Lines that all end in CR LF are edited without it, and get it back; where they differ, all stay as they are.
    this.crlf = /\r\n/.test(text) && !/(^|[^\r])\n|\r(?!\n)/.test(text)
    this.state = EditorState.create({
      doc: this.crlf ? text.replaceAll('\r\n', '\n') : text,
      extensions: [EditorState.lineSeparator.of('\n'), history(), this.extras.of([])],
    })
    const empty = parse('')
    if (!empty.tree) throw new Error('nothing is YAML')
    this.current = this.look({ view: viewOf(empty.tree), diagnostics: [], checking: true, unchecked: null })
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  snapshot = (): Snapshot => this.current

  /** As it is stored. */
  textToSave(): string {
    return this.crlf ? this.current.text.replaceAll('\n', '\r\n') : this.current.text
  }

  editorState(extensions: Extension): EditorState {
    this.dispatch({ effects: this.extras.reconfigure(extensions) })
    return this.state
  }

  attach(view: EditorView | null): void {
    this.shown = view
  }

  get editorView(): EditorView | null {
    return this.shown
  }

  /** What the view made of itself. */
  took(state: EditorState, transactions: readonly Transaction[]): void {
    this.state = state
    const changes = transactions.filter(one => one.docChanged)
    if (changes.length === 0) return
    let { diagnostics } = this.current
    for (const { changes: map } of changes)
      diagnostics = diagnostics.map(one => ({ ...one, from: map.mapPos(one.from), to: map.mapPos(one.to) }))
    this.publish(this.look({ ...this.current, diagnostics, checking: true }))
    this.schedule(PAUSE)
  }

  private dispatch(spec: TransactionSpec): void {
    if (this.shown) {
      this.shown.dispatch(spec)
      return
    }
    const transaction = this.state.update(spec)
    this.took(transaction.state, [transaction])
  }

  /** An edit from the form; the reason, when it cannot be made from there. */
  edit(change: (draft: Draft, view: PipelineView) => void): Reason | null {
    const result = edit(this.current.text, draft => change(draft, viewOf(draft.tree)))
    if (!result.ok) return result.reason
    let length = this.current.text.length
    let all = ChangeSet.empty(length)
    for (const step of result.steps) {
      const set = ChangeSet.of(inOrder(step), length)
      all = all.compose(set)
      length = set.newLength
    }
    if (!all.empty) this.dispatch({ changes: all, userEvent: 'input.form' })
    return null
  }

  /** Another text altogether, as one edit that can be undone. */
  replace(text: string): void {
    const insert = text.replaceAll('\r\n', '\n')
    this.dispatch({ changes: { from: 0, to: this.current.text.length, insert }, userEvent: 'input.replace' })
  }

  undo = (): void => void undo({ state: this.state, dispatch: transaction => this.apply(transaction) })
  redo = (): void => void redo({ state: this.state, dispatch: transaction => this.apply(transaction) })

  private apply(transaction: Transaction): void {
    if (this.shown) this.shown.dispatch(transaction)
    else this.took(transaction.state, [transaction])
  }

  /** What the server said of a text that is still this one, such as with its refusal to save it. */
  tell(diagnostics: readonly Diagnostic[]): void {
    this.asked += 1
    clearTimeout(this.timer)
    this.publish({ ...this.current, diagnostics: this.located(diagnostics), checking: false, unchecked: null })
  }

  check(): void {
    this.schedule(0)
  }

  dispose(): void {
    clearTimeout(this.timer)
    this.asked += 1
  }

  private schedule(pause: number): void {
    clearTimeout(this.timer)
    this.asked += 1
    const number = this.asked
    this.timer = setTimeout(() => {
      this.validate(this.textToSave()).then(
        validation => {
          if (number !== this.asked) return
          this.outline = validation.outline ?? this.outline
          const diagnostics = this.located(validation.diagnostics)
          this.publish({ ...this.current, diagnostics, outline: this.outline, checking: false, unchecked: null })
        },
        (error: unknown) => {
          if (number === this.asked) this.publish({ ...this.current, checking: false, unchecked: error })
        },
      )
    }, pause)
  }

  private located(diagnostics: readonly Diagnostic[]): Located[] {
    const lines = new Lines(this.current.text)
    return diagnostics.map(one => ({ ...one, ...rangeOf(lines, one) }))
  }

  private look(known: Pick<Snapshot, 'view' | 'diagnostics' | 'checking' | 'unchecked'>): Snapshot {
    const text = this.state.doc.toString()
    const parsed = parse(text)
    return {
      text,
      view: parsed.tree ? viewOf(parsed.tree) : known.view,
      broken: parsed.broken,
      diagnostics: known.diagnostics,
      outline: this.outline,
      checking: known.checking,
      unchecked: known.unchecked,
      canUndo: undoDepth(this.state) > 0,
      canRedo: redoDepth(this.state) > 0,
    }
  }

  private publish(snapshot: Snapshot): void {
    this.current = snapshot
    for (const tell of this.listeners) tell()
  }
}
