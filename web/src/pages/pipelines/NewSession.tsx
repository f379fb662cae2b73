import { useQueryClient } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import Button from 'antd/es/button'
import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from 'react'
import { useTranslation } from 'react-i18next'
import { addPipeline, validatePipeline } from '../../api/commands'
import { keys } from '../../api/queries'
import type { StepType } from '../../api/types'
import { Editor, type View } from '../../components/editor/Editor'
import { EditorModel } from '../../components/editor/model'
import { useCommand } from '../../components/useCommand'
import { paths } from '../../lib/paths'
import { useLeaveGuard } from './useLeaveGuard'

const route = getRouteApi('/app/pipelines/new')

/** A pipeline that is not stored yet. */
export function NewSession({ start, catalogue, onBack }: { start: string; catalogue: StepType[]; onBack: () => void }) {
  const { t } = useTranslation('pipelines')
  const client = useQueryClient()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const [model] = useState(() => new EditorModel(start, validatePipeline))
  const snapshot = useSyncExternalStore(model.subscribe, model.snapshot)
  const stored = useRef(false)
  const dirty = useRef(false)
  useEffect(() => {
    dirty.current = !stored.current && model.textToSave() !== start
  })
  useEffect(() => {
    model.check()
    return () => model.dispose()
  }, [model])
  useLeaveGuard(useCallback(() => dirty.current, []))
  const create = useCommand(() => addPipeline({ text: model.textToSave(), note: '' }), {
    done: t('edit.created'),
    onSuccess: async pipeline => {
      stored.current = true
      dirty.current = false
      void client.invalidateQueries({ queryKey: keys.pipelines })
      await navigate(paths.pipeline(pipeline.id))
    },
    onError: problem => {
      if (problem.problem.diagnostics) model.tell(problem.problem.diagnostics)
      return false
    },
  })
  const save = useCallback(() => create.mutate(undefined), [create.mutate])
  const onStep = useCallback(
    (step: string | undefined) => void navigate({ search: old => ({ ...old, step }), replace: true }),
    [navigate],
  )
  const onView = useCallback(
    (view: View) =>
      void navigate({
        search: old => ({ ...old, view: view === 'text' ? 'text' : view === 'form' ? 'visual' : undefined }),
        replace: true,
      }),
    [navigate],
  )
  return (
    <Editor
      model={model}
      catalogue={catalogue}
      view={search.view === 'text' ? 'text' : search.view === 'visual' ? 'form' : 'split'}
      onView={onView}
      step={search.step}
      onStep={onStep}
      readOnly={false}
      onSave={save}
      actions={
        <>
          {!snapshot.canUndo && <Button onClick={onBack}>{t('create.other')}</Button>}
          <Button type="primary" loading={create.isPending} onClick={save}>
            {t('edit.saveNew')}
          </Button>
        </>
      }
    />
  )
}
