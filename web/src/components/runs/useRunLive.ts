import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { followRun } from '../../api/live'

/** While the run goes on and the tab is seen, its view is fetched anew when something has happened. */
export function useRunLive(id: string, seq: number | undefined, over: boolean): void {
  const client = useQueryClient()
  const known = seq !== undefined
  // A connection to the outside. It begins after the first view; later ones do not begin it anew.
  // biome-ignore lint/correctness/useExhaustiveDependencies: of `seq` only the first value counts
  useEffect(() => {
    if (!known || over) return
    return followRun(client, id, seq)
  }, [client, id, known, over])
}
