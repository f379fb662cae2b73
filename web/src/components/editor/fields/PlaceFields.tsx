import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { kinds, namespaces, objectNames } from '../../../api/kube'
import { KNOWN, kindOfWord } from '../../../lib/kube'
import type { KindView } from '../../../lib/kubeApi'
import type { ControlProps } from './FieldRow'
import { SuggestField } from './SuggestField'
import { usePlace } from './usePlace'

// What is offered comes from the cluster that the step names. Where that does not answer, anything may be typed.

const NO_CLUSTER = ''
/** Stands in while the kind is not known; nothing is asked then. */
const PODS: KindView = { group: '', version: 'v1', kind: 'Pod', plural: 'pods', namespaced: true, verbs: [] }

/** One of the cluster's namespaces. */
export function NamespaceField(props: ControlProps) {
  const { cluster } = usePlace()
  const query = useQuery({ ...namespaces(cluster ?? NO_CLUSTER), enabled: cluster !== undefined })
  const none = useNone(cluster, query.isError)
  return <SuggestField {...props} options={(query.data ?? []).map(value => ({ value }))} none={none} />
}

/** An object of the step's kind in its namespace. */
export function ObjectField(props: ControlProps) {
  const { cluster, namespace, kind } = usePlace()
  return <Names {...props} cluster={cluster} namespace={namespace} word={kind ?? 'deployment'} />
}

/** One of the pods. */
export function PodField(props: ControlProps) {
  const { cluster, namespace } = usePlace()
  return <Names {...props} cluster={cluster} namespace={namespace} word="pod" />
}

/** A kind of object, by the word for it. */
export function KindField(props: ControlProps) {
  const { cluster } = usePlace()
  const query = useQuery({ ...kinds(cluster ?? NO_CLUSTER), enabled: cluster !== undefined })
  const own = (props.field.param.choices ?? KNOWN.map(kind => kind.kind.toLowerCase())).map(value => ({ value }))
  const known = new Set(own.map(one => one.value))
  const others = (query.data ?? [])
    .map(kind => ({ value: kind.kind.toLowerCase(), about: kind.group }))
    .filter(one => !known.has(one.value))
  return <SuggestField {...props} options={[...own, ...others]} />
}

interface NamesProps extends ControlProps {
  cluster: string | undefined
  namespace: string
  word: string
}

function Names({ cluster, namespace, word, ...props }: NamesProps) {
  const found = useQuery({
    ...kinds(cluster ?? NO_CLUSTER),
    enabled: cluster !== undefined && kindOfWord(word) === undefined,
  })
  const kind = kindOfWord(word, found.data)
  const query = useQuery({
    ...objectNames(cluster ?? NO_CLUSTER, kind ?? PODS, kind?.namespaced === false ? undefined : namespace),
    enabled: cluster !== undefined && kind !== undefined,
  })
  const none = useNone(cluster, query.isError)
  const options = (query.data ?? []).map(row => ({ value: row.name, about: row.message ?? row.state }))
  return <SuggestField {...props} options={options} none={none} />
}

function useNone(cluster: string | undefined, away: boolean): string | null {
  const { t } = useTranslation('kube')
  if (cluster === undefined) return t('field.chooseCluster')
  return away ? t('field.away') : null
}
