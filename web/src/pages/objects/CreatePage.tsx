import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import App from 'antd/es/app'
import Button from 'antd/es/button'
import { lazy, Suspense, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ApiProblem } from '../../api/client'
import { cluster as clusterQuery, createObjects, kinds, kubeKeys } from '../../api/kube'
import { ClusterTags } from '../../components/kube/ClusterTags'
import { NamespacePicker } from '../../components/kube/NamespacePicker'
import { Loaded } from '../../components/Loaded'
import { useCommand } from '../../components/useCommand'
import { KNOWN, kindOf, slugOfWord } from '../../lib/kube'
import type { ClusterView, KindView, MadeObject } from '../../lib/kubeApi'
import { exampleOf } from '../../lib/manifests'
import { paths } from '../../lib/paths'
import { ActionButton } from '../../ui/ActionButton'
import { PageHeader } from '../../ui/PageHeader'
import { BlockSkeleton, PageSkeleton } from '../../ui/Skeletons'
import { Ticks } from '../../ui/Ticks'
import { MadeObjects } from './MadeObjects'
import { mistakeOf, Refusal } from './Refusal'
import './objects.css'

const YamlEditor = lazy(() => import('./YamlEditor').then(({ YamlEditor }) => ({ default: YamlEditor })))
const route = getRouteApi('/app/clusters/$id/create')
/** A file that is chosen is not larger, in bytes; the server takes no longer text. */
const LARGEST = 2 * 1024 * 1024

export default function CreatePage() {
  const { id } = route.useParams()
  const { kind: slug } = route.useSearch()
  const query = useQuery(clusterQuery(id))
  const found = useQuery({ ...kinds(id), enabled: slug !== undefined && kindOf(slug) === undefined })
  const kind = slug === undefined ? KNOWN[0] : kindOf(slug, found.data)
  return (
    <Loaded page query={query} skeleton={<PageSkeleton />}>
      {cluster =>
        kind === undefined && found.isPending ? (
          <PageSkeleton />
        ) : (
          <Contents key={cluster.id} cluster={cluster} kind={kind} slug={slug} />
        )
      }
    </Loaded>
  )
}

interface Props {
  cluster: ClusterView
  kind: KindView | undefined
  slug: string | undefined
}

/** New objects as text: tried on the cluster, looked at, then made. */
function Contents({ cluster, kind, slug }: Props) {
  const { t } = useTranslation(['kube', 'common'])
  const { namespace } = route.useSearch()
  const client = useQueryClient()
  const navigate = useNavigate()
  const { message } = App.useApp()
  const [first, setFirst] = useState({ text: kind ? exampleOf(kind) : '', round: 0 })
  const [text, setText] = useState(first.text)
  const [tried, setTried] = useState<MadeObject[] | null>(null)
  const [refusal, setRefusal] = useState<ApiProblem | null>(null)
  const mistake = useMemo(() => mistakeOf(refusal), [refusal])
  const onError = (problem: ApiProblem) => {
    setRefusal(problem)
    setTried(null)
    return true
  }
  const send = async (dry: boolean) => (await createObjects(cluster.id, namespace, text, dry)).items
  const check = useCommand(() => send(true), {
    onError,
    onSuccess: items => {
      setRefusal(null)
      setTried(items)
    },
  })
  const create = useCommand(() => send(false), {
    onError,
    onSuccess: async items => {
      await client.invalidateQueries({ queryKey: kubeKeys.cluster(cluster.id) })
      void message.success(t('create.made', { count: items.length }))
      await navigate(placeOf(cluster.id, items, slug))
    },
  })
  const load = (file: File | undefined) => {
    if (file === undefined || file.size > LARGEST) return
    void file.text().then(read => {
      setText(read)
      setFirst(known => ({ text: read, round: known.round + 1 }))
      setRefusal(null)
    })
  }
  return (
    <>
      <PageHeader
        name={`${t('create.title')} · ${cluster.name}`}
        crumbs={
          <>
            <Link {...paths.clusters()}>{t('title')}</Link> / <Link {...paths.cluster(cluster.id)}>{cluster.name}</Link>
          </>
        }
        title={
          <span className="row wrap">
            <span>{t('create.title')}</span>
            <ClusterTags cluster={cluster} />
          </span>
        }
      >
        <p className="muted small">
          <Ticks text={t('create.help')} />
        </p>
      </PageHeader>
      <section className="card" aria-label={t('create.title')}>
        {tried !== null ? (
          <MadeObjects
            items={tried}
            written={text}
            busy={create.isPending}
            onBack={() => {
              setFirst(known => ({ text, round: known.round + 1 }))
              setTried(null)
            }}
            onCreate={() => create.mutate(undefined)}
          />
        ) : (
          <div className="tab-body stack tight">
            <div className="tab-bar">
              <span id="create-into" className="muted small">
                {t('create.into')}
              </span>
              <NamespacePicker
                cluster={cluster.id}
                value={namespace}
                none={cluster.namespace ?? 'default'}
                onChange={chosen =>
                  void navigate({
                    ...paths.createObjects(cluster.id, { namespace: chosen, kind: slug }),
                    replace: true,
                    resetScroll: false,
                  })
                }
              />
              <span className="grow" />
              <label className="file-choice small">
                {t('create.file')}
                <input
                  type="file"
                  accept=".yaml,.yml,.json,text/yaml,application/json"
                  className="visually-hidden"
                  onChange={event => {
                    load(event.target.files?.[0])
                    event.target.value = ''
                  }}
                />
              </label>
            </div>
            {refusal && <Refusal problem={refusal}>{refusal.status === 409 && <p>{t('create.there')}</p>}</Refusal>}
            <Suspense fallback={<BlockSkeleton height={420} />}>
              <YamlEditor
                key={first.round}
                text={first.text}
                label={t('create.label')}
                readOnly={false}
                mistake={mistake}
                onChange={setText}
              />
            </Suspense>
            <div className="tab-bar">
              <ActionButton
                type="primary"
                loading={check.isPending}
                disabled={text.trim() === ''}
                onClick={() => check.mutate(undefined)}
              >
                {check.isPending ? t('edit.checking') : t('create.check')}
              </ActionButton>
              <Button onClick={() => void navigate(paths.objects(cluster.id, slug ?? 'deployments', { namespace }))}>
                {t('common:action.cancel')}
              </Button>
            </div>
          </div>
        )}
      </section>
    </>
  )
}

/** One new object is shown; of several the list of the kind. */
function placeOf(cluster: string, items: readonly MadeObject[], slug: string | undefined) {
  const [one] = items
  const kind = one && slugOfWord(one.kind)
  if (one && kind && items.length === 1) return paths.object(cluster, kind, one.namespace, one.name)
  const spaces = new Set(items.map(item => item.namespace ?? undefined))
  const kinds = new Set(items.map(item => slugOfWord(item.kind)))
  const list = (kinds.size === 1 ? [...kinds][0] : undefined) ?? slug ?? 'deployments'
  return paths.objects(cluster, list, { namespace: spaces.size === 1 ? [...spaces][0] : undefined })
}
