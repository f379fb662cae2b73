import { useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from 'react'
import { useTranslation } from 'react-i18next'
import type { Versioned } from '../../api/client'
import { putPipeline, validatePipeline } from '../../api/commands'
import { keys, pipeline as pipelineQuery } from '../../api/queries'
import type { PipelineView, StepType } from '../../api/types'
import { Editor, type View } from '../../components/editor/Editor'
import { EditorModel } from '../../components/editor/model'
import { useCommand } from '../../components/useCommand'
import { whyNot } from '../../lib/may'
import { paths } from '../../lib/paths'
import { ActionButton } from '../../ui/ActionButton'
import { PageHeader } from '../../ui/PageHeader'
import { ConflictDialog } from './ConflictDialog'
import { SaveDialog } from './SaveDialog'
import { useLeaveGuard } from './useLeaveGuard'

const route = getRouteApi('/app/pipelines/$id/edit')

/** From opening a pipeline in the editor to leaving it. */
export function EditSession({ pipeline, catalogue }: { pipeline: Versioned<PipelineView>; catalogue: StepType[] }) {
  const { t } = useTranslation('pipelines')
  const client = useQueryClient()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const [model] = useState(() => new EditorModel(pipeline.text, validatePipeline))
  const [saved, setSaved] = useState({ text: pipeline.text, etag: pipeline.etag })
  const [asking, setAsking] = useState(false)
  const [theirs, setTheirs] = useState<Versioned<PipelineView> | null>(null)
  const snapshot = useSyncExternalStore(model.subscribe, model.snapshot)
  const dirty = model.textToSave() !== saved.text
  const isDirty = useRef(false)
  useEffect(() => {
    isDirty.current = dirty
  })
  useEffect(() => {
    model.check()
    return () => model.dispose()
  }, [model])
  useLeaveGuard(useCallback(() => isDirty.current, []))

  const fetchTheirs = async () => setTheirs(await client.fetchQuery({ ...pipelineQuery(pipeline.id), staleTime: 0 }))
  const save = useCommand(
    ({ note, etag }: { note: string; etag: string }) => {
      const text = model.textToSave()
      return putPipeline(pipeline.id, { text, note }, etag).then(view => ({ view, text }))
    },
    {
      changes: [keys.pipelines],
      onSuccess: ({ view, text }) => {
        client.setQueryData(pipelineQuery(pipeline.id).queryKey, view)
        setSaved({ text, etag: view.etag })
        setAsking(false)
        setTheirs(null)
      },
      onError: problem => {
        setAsking(false)
        if (problem.status === 412) void fetchTheirs()
        if (problem.problem.diagnostics) model.tell(problem.problem.diagnostics)
        return problem.status === 412
      },
    },
  )
  const refused = whyNot(pipeline, 'edit')
  const readOnly = refused !== null
  const askToSave = useCallback(() => {
    if (!readOnly && isDirty.current) setAsking(true)
  }, [readOnly])
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
  const name = snapshot.view.name || pipeline.name
  return (
    <>
      <PageHeader
        title={name}
        name={`${t('edit.crumb')} · ${name}`}
        crumbs={
          <>
            <Link {...paths.pipelines()}>{t('title')}</Link> /{' '}
            <Link {...paths.pipeline(pipeline.id)}>{pipeline.name}</Link> / {t('edit.crumb')}
          </>
        }
      />
      {readOnly && <p className="notice">{t('edit.readOnly', { reason: refused || t('edit.noReason') })}</p>}
      <Editor
        model={model}
        catalogue={catalogue}
        view={search.view === 'text' ? 'text' : search.view === 'visual' ? 'form' : 'split'}
        onView={onView}
        step={search.step}
        onStep={onStep}
        readOnly={readOnly}
        onSave={askToSave}
        actions={
          <>
            <span className={`small nowrap editor-saved ${dirty ? 'unsaved' : 'muted'}`}>
              {dirty ? t('edit.unsaved') : t('edit.allSaved')}
            </span>
            <ActionButton
              type="primary"
              refused={refused}
              disabled={!dirty}
              loading={save.isPending}
              onClick={askToSave}
            >
              {t('edit.save')}
            </ActionButton>
          </>
        }
      />
      <SaveDialog
        open={asking}
        saving={save.isPending}
        errors={snapshot.diagnostics.filter(one => one.severity === 'error').length}
        onClose={() => setAsking(false)}
        onSave={note => save.mutate({ note, etag: saved.etag })}
      />
      <ConflictDialog
        theirs={theirs}
        mine={snapshot.text}
        saving={save.isPending}
        onClose={() => setTheirs(null)}
        onKeepMine={() => theirs && save.mutate({ note: '', etag: theirs.etag })}
        onTakeTheirs={() => {
          if (!theirs) return
          model.replace(theirs.text)
          setSaved({ text: theirs.text, etag: theirs.etag })
          setTheirs(null)
        }}
      />
    </>
  )
}
