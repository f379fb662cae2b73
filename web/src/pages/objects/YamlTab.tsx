import { useQueryClient } from '@tanstack/react-query'
import App from 'antd/es/app'
import Button from 'antd/es/button'
import { lazy, Suspense, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiProblem } from '../../api/client'
import { editObject, kubeKeys, type ObjectPlace, object as objectQuery } from '../../api/kube'
import { useCommand } from '../../components/useCommand'
import { slugOf } from '../../lib/kube'
import type { EditResult, ObjectView } from '../../lib/kubeApi'
import { whyNot } from '../../lib/may'
import { broughtUp, sameWishes } from '../../lib/yamlEdit'
import { ActionButton } from '../../ui/ActionButton'
import { BlockSkeleton } from '../../ui/Skeletons'
import { mistakeOf, Refusal } from './Refusal'
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
  const [busy, setBusy] = useState(false)
  const mistake = useMemo(() => mistakeOf(refusal), [refusal])
  /** Rises with each text that is begun anew. */
  const [round, setRound] = useState(0)
  if (draft === null && !busy && opened.version !== object.resource_version)
    setOpened({ yaml: object.yaml, version: object.resource_version })
  const latest = useRef({ yaml: opened.yaml, resource_version: opened.version })
  const refused = whyNot(object, 'edit')
  /** Sends the draft; where only the cluster's own counters went on meanwhile, it is brought up to them. */
  const send = async (dry_run: boolean, tries = 3): Promise<EditResult> => {
    const { yaml, resource_version } = latest.current
    try {
      return await editObject(place, { yaml, resource_version, dry_run })
    } catch (error) {
      if (!(error instanceof ApiProblem) || error.status !== 409 || tries === 0) throw error
      const now = await client.fetchQuery({ ...objectQuery(place), staleTime: 0 })
      if (now.resource_version === resource_version || !sameWishes(opened.yaml, now.yaml)) throw error
      latest.current = { yaml: broughtUp(yaml, now.resource_version), resource_version: now.resource_version }
      return send(dry_run, tries - 1)
    }
  }
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
    setBusy(false)
    setRound(round + 1)
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
    latest.current = { yaml: text, resource_version: opened.version }
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
        <Refusal problem={refusal} name={refusal.status === 409 ? t('edit.conflict') : null}>
          {refusal.status === 409 && (
            <p>
              {t('edit.conflictHelp')}{' '}
              <Button size="small" onClick={reset}>
                {t('edit.reload')}
              </Button>
            </p>
          )}
        </Refusal>
      )}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: only looks whether somebody is in the editor */}
      <div onFocus={() => setBusy(true)} onBlur={() => setBusy(false)}>
        <Suspense fallback={<BlockSkeleton height={420} />}>
          <YamlEditor
            key={`${opened.version} ${round}`}
            text={draft ?? opened.yaml}
            label={t('edit.label', { name: object.name })}
            readOnly={refused !== null}
            mistake={mistake}
            onChange={change}
          />
        </Suspense>
      </div>
    </div>
  )
}
