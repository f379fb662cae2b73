import { createContext, useCallback, useContext, useSyncExternalStore } from 'react'
import { useTranslation } from 'react-i18next'
import type { StepType, Words } from '../../api/types'
import type { Draft } from '../../lib/pipeline-doc/draft'
import type { PipelineView } from '../../lib/pipeline-doc/view'
import type { EditorModel, Snapshot } from './model'

export interface EditorTools {
  model: EditorModel
  catalogue: readonly StepType[]
  /** Index of the chosen step; nothing: the pipeline itself. */
  chosen: number | null
  choose: (step: number | null) => void
  /** Makes an edit, and says why where it cannot be made. */
  change: (act: (draft: Draft, view: PipelineView) => void, quiet?: boolean) => boolean
  readOnly: boolean
}

const EditorContext = createContext<EditorTools | null>(null)
export const EditorProvider = EditorContext.Provider

export function useEditor(): EditorTools & { snapshot: Snapshot } {
  const tools = useContext(EditorContext)
  if (!tools) throw new Error('no editor around this')
  const snapshot = useSyncExternalStore(tools.model.subscribe, tools.model.snapshot)
  return { ...tools, readOnly: tools.readOnly || snapshot.broken !== null, snapshot }
}

/** The text of the catalogue in the language of the page. The same function until the language changes. */
export function useWords(): (words: Words) => string {
  const { language } = useTranslation().i18n
  return useCallback(words => (language === 'zh' ? words.zh : words.en), [language])
}
