import { useQueryClient } from '@tanstack/react-query'
import App from 'antd/es/app'
import Button from 'antd/es/button'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ApiProblem } from '../../api/client'
import { editObject, kubeKeys, type ObjectPlace } from '../../api/kube'
import { useCommand } from '../../components/useCommand'
import { slugOf } from '../../lib/kube'
import type { EditResult, ObjectView } from '../../lib/kubeApi'
import { whyNot } from '../../lib/may'
import { ActionButton } from '../../ui/ActionButton'
import { BlockSkeleton } from '../../ui/Skeletons'
import { Ticks } from '../../ui/Ticks'
import { Review } from './Review'

const YamlEditor = lazy(() => import('./YamlEditor').then(({ YamlEditor }) => ({ default: YamlEditor })))

interface Props {
  place: ObjectPlace
  object: ObjectView
}

/** An object's text: changed here, tried on the cluster, looked at as a difference, then saved. */
export function YamlTab({ place, object }: Props) {
  const { t } = useTranslation('kube')
  const client = useQueryClient()
  const { message } = App.useApp()
  // What is being edited stays as it was opened; the page around it goes on.
  const [opened, setOpened] = useState({ yaml: object.yaml, version: object.resource_version })
  const [draft, setDraft] = useState<string | null>(null)
  const [review, setReview] = useState<EditResult | null>(null)
  const [refusal, setRefusal] = useState<ApiProblem | null>(null)
  const shown = draft === null ? object.yaml : opened.yaml
  const refused = whyNot(object, 'edit')
  const send = (dry_run: boolean) => editObject(place, { yaml: draft ?? '', resource_version: opened.version, dry_run })
  const onError = (problem: ApiProblem) => {
    setRefusal(problem)
    return true
  }
  const check = useCommand(() => send(true), {
    onError,
    onSuccess: result => {
      setRefusal(null)
      setReview(result)
    },
  })
  const reset = () => {
    setDraft(null)
    setReview(null)
    setRefusal(null)
  }
  const save = useCommand(() => send(false), {
    onError: problem => {
      setReview(null)
      return onError(problem)
    },
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: kubeKeys.objects(place.cluster) })
      reset()
      void message.success(t('edit.saved'))
    },
  })
  const change = (text: string) => {
    if (draft === null) setOpened({ yaml: object.yaml, version: object.resource_version })
    setDraft(text)
  }
  if (review !== null)
    return (
      <Review
        result={review}
        busy={save.isPending}
        onBack={() => setReview(null)}
        onSave={() => save.mutate(undefined)}
      />
    )
  return (
    <div className="tab-body stack tight">
      <div className="tab-bar">
        <ActionButton
          type="primary"
          refused={refused ?? (draft === null || draft === opened.yaml ? t('edit.same') : null)}
          loading={check.isPending}
          onClick={() => check.mutate(undefined)}
        >
          {check.isPending ? t('edit.checking') : t('edit.review')}
        </ActionButton>
        {draft !== null && draft !== opened.yaml && <Button onClick={reset}>{t('edit.discard')}</Button>}
        {slugOf(place.kind) === 'secrets' && <span className="muted small">{t('edit.hidden')}</span>}
      </div>
      {refusal && (
        <div className="yaml-refusal tone-bad" role="alert">
          <strong>{refusal.status === 409 ? t('edit.conflict') : ''}</strong>{' '}
          <Ticks text={refusal.problem.detail || refusal.problem.title} />
          {refusal.problem.help && (
            <>
              {' '}
              <Ticks text={refusal.problem.help} />
            </>
          )}
          {refusal.status === 409 && (
            <p>
              {t('edit.conflictHelp')}{' '}
              <Button size="small" onClick={reset}>
                {t('edit.reload')}
              </Button>
            </p>
          )}
        </div>
      )}
      <Suspense fallback={<BlockSkeleton height={420} />}>
        <YamlEditor
          key={draft === null ? object.resource_version : 'draft'}
          text={draft ?? shown}
          label={t('edit.label', { name: object.name })}
          readOnly={refused !== null}
          onChange={change}
        />
      </Suspense>
    </div>
  )
}
