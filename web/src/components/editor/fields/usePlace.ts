import { useQuery } from '@tanstack/react-query'
import { allClusters } from '../../../api/kube'
import { meant } from '../../../lib/pipeline-doc/place'
import { useEditor } from '../context'

/** Where the chosen step works, as far as it is known before it runs. */
export function usePlace() {
  const { snapshot, catalogue, chosen } = useEditor()
  const clusters = useQuery({ ...allClusters, retry: false })
  const step = chosen === null ? undefined : snapshot.view.steps[chosen]
  const of = (key: string) => (step ? meant(snapshot.view, catalogue, step, key) : undefined)
  const word = of('cluster')
  const cluster = clusters.data?.find(one => one.name === word || one.id === word)
  return {
    clusters: clusters.data ?? [],
    /** The stored cluster; nothing where the step names none, or one that is not stored. */
    cluster: cluster?.id,
    word,
    namespace: of('namespace') ?? cluster?.namespace ?? 'default',
    kind: of('resource_type'),
  }
}
