import ApartmentOutlined from '@ant-design/icons/es/icons/ApartmentOutlined'
import RedoOutlined from '@ant-design/icons/es/icons/RedoOutlined'
import UndoOutlined from '@ant-design/icons/es/icons/UndoOutlined'
import App from 'antd/es/app'
import Button from 'antd/es/button'
import Segmented from 'antd/es/segmented'
import Tooltip from 'antd/es/tooltip'
import { type KeyboardEvent, lazy, type ReactNode, Suspense, useMemo, useState, useSyncExternalStore } from 'react'
import { useTranslation } from 'react-i18next'
import type { StepType } from '../../api/types'
import { BlockSkeleton } from '../../ui/Skeletons'
import { useNarrow } from '../../ui/useNarrow'
import { EditorProvider, type EditorTools } from './context'
import { Dag } from './Dag'
import { FormPane } from './FormPane'
import type { EditorModel, Located } from './model'
import { Problems } from './Problems'
import './editor.css'

const YamlPane = lazy(() => import('./yaml/YamlPane').then(module => ({ default: module.YamlPane })))

export type View = 'split' | 'form' | 'text'

interface Props {
  model: EditorModel
  catalogue: readonly StepType[]
  view: View
  onView: (view: View) => void
  /** The chosen step's name, for the address. */
  step: string | undefined
  onStep: (name: string | undefined) => void
  readOnly: boolean
  onSave: () => void
  /** Stands at the end of the tool bar. */
  actions: ReactNode
}

/** Form and text of one pipeline, beside each other or one at a time. */
export function Editor({ model, catalogue, view: wanted, onView, step, onStep, readOnly, onSave, actions }: Props) {
  const { t } = useTranslation('pipelines')
  const { message } = App.useApp()
  const narrow = useNarrow()
  const view = narrow && wanted === 'split' ? 'form' : wanted
  const snapshot = useSyncExternalStore(model.subscribe, model.snapshot)
  const [diagram, setDiagram] = useState(false)
  const [chosen, setChosen] = useState<number | null>(() => indexOf(model, step))
  const tools = useMemo((): EditorTools => {
    const choose = (index: number | null) => {
      setChosen(index)
      onStep(index === null ? undefined : model.snapshot().view.steps[index]?.name || undefined)
    }
    const change: EditorTools['change'] = (act, quiet = false) => {
      const reason = model.edit(act)
      if (reason && !quiet) void message.warning(t(`refused.${reason}`), 6)
      return reason === null
    }
    return { model, catalogue, chosen, choose, change, readOnly }
  }, [model, catalogue, chosen, readOnly, onStep, message, t])
  const onKey = (event: KeyboardEvent) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey) return
    const inText = (event.target as HTMLElement).closest('[data-pane="yaml"]') !== null
    const key = event.key.toLowerCase()
    if (key === 's') {
      event.preventDefault()
      if (!inText) onSave()
    } else if (!inText && (key === 'z' || key === 'y')) {
      event.preventDefault()
      if (key === 'y' || event.shiftKey) model.redo()
      else model.undo()
    }
  }
  const jump = (problem: Located) => {
    const inside = snapshot.view.steps.find(one => one.from <= problem.from && problem.from <= one.to)
    tools.choose(inside?.index ?? null)
    const text = model.editorView
    if (!text) return
    text.dispatch({ selection: { anchor: Math.min(problem.from, text.state.doc.length) }, scrollIntoView: true })
    text.focus()
  }
  const shown = chosen === null ? null : (snapshot.view.steps[chosen]?.name ?? null)
  const errors = snapshot.diagnostics.filter(one => one.severity === 'error').length
  const warnings = snapshot.diagnostics.length - errors
  return (
    <EditorProvider value={tools}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: it only listens for shortcuts of what is inside */}
      <div className="editor" data-view={view} onKeyDown={onKey}>
        <div className="editor-bar">
          <Segmented
            aria-label={t('editor.view')}
            value={view}
            onChange={onView}
            options={[
              ...(narrow ? [] : [{ value: 'split' as const, label: t('editor.split') }]),
              { value: 'form', label: t('editor.form') },
              { value: 'text', label: 'YAML' },
            ]}
          />
          <Tooltip title={`${t('editor.undo')} (Ctrl+Z)`}>
            <Button
              type="text"
              icon={<UndoOutlined />}
              aria-label={t('editor.undo')}
              disabled={!snapshot.canUndo || readOnly}
              onClick={model.undo}
            />
          </Tooltip>
          <Tooltip title={`${t('editor.redo')} (Ctrl+Y)`}>
            <Button
              type="text"
              icon={<RedoOutlined />}
              aria-label={t('editor.redo')}
              disabled={!snapshot.canRedo || readOnly}
              onClick={model.redo}
            />
          </Tooltip>
          <Button
            type={diagram ? 'default' : 'text'}
            icon={<ApartmentOutlined />}
            aria-expanded={diagram}
            onClick={() => setDiagram(!diagram)}
          >
            <span className={narrow ? 'visually-hidden' : ''}>{t('editor.diagram')}</span>
          </Button>
          <span className="grow" />
          <span className="small muted nowrap editor-status" role="status">
            {snapshot.checking
              ? t('editor.checking')
              : errors > 0
                ? t('editor.errors', { count: errors })
                : warnings > 0
                  ? t('editor.warnings', { count: warnings })
                  : snapshot.unchecked
                    ? ''
                    : t('editor.valid')}
          </span>
          {actions}
        </div>
        {diagram && snapshot.outline && (
          <Dag
            outline={snapshot.outline}
            chosen={shown}
            onChoose={name => tools.choose(snapshot.view.steps.find(one => one.name === name)?.index ?? null)}
          />
        )}
        <div className="editor-panes">
          {view !== 'text' && <FormPane onShowText={() => onView('text')} />}
          {view !== 'form' && (
            <Suspense fallback={<BlockSkeleton height="100%" />}>
              <YamlPane onSave={onSave} />
            </Suspense>
          )}
        </div>
        <Problems onJump={jump} />
      </div>
    </EditorProvider>
  )
}

function indexOf(model: EditorModel, name: string | undefined): number | null {
  if (name === undefined) return null
  return model.snapshot().view.steps.find(step => step.name === name)?.index ?? null
}
