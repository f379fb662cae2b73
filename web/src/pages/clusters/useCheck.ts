import { useQueryClient } from '@tanstack/react-query'
import { checkCluster, kubeKeys } from '../../api/kube'
import { useCommand } from '../../components/useCommand'

/** Asks a cluster now. Its answer stands in its state, so it goes on until that is there. */
export function useCheck(id: string) {
  const client = useQueryClient()
  return useCommand(() => checkCluster(id), {
    onSuccess: () => client.invalidateQueries({ queryKey: kubeKeys.clusters }),
  })
}
