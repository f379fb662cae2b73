import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { testRegistry } from '../../api/commands'
import { keys } from '../../api/queries'
import { useCommand } from '../../components/useCommand'

/** Which registries are being asked whether they answer, and how to ask one more. */
export function useTests() {
  const client = useQueryClient()
  const [asked, setAsked] = useState<readonly string[]>([])
  const command = useCommand(testRegistry, {
    // The answer stands in the registry's row: it goes on being asked until that is there.
    onSuccess: () => client.invalidateQueries({ queryKey: keys.registries }),
  })
  const test = (id: string) => {
    setAsked(all => [...all, id])
    const over = () => setAsked(all => all.filter(one => one !== id))
    void command.mutateAsync(id).then(over, over)
  }
  return { asked, test }
}
