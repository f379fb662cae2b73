import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query'
import { ApiProblem } from './client'

/** `onSignedOut` is called when the server no longer knows who asks. */
export function makeQueryClient(onSignedOut: () => void): QueryClient {
  const told = (error: unknown) => {
    if (error instanceof ApiProblem && error.status === 401) onSignedOut()
  }
  return new QueryClient({
    queryCache: new QueryCache({ onError: told }),
    // Not a default of mutations: a command with an `onError` of its own would replace it.
    mutationCache: new MutationCache({ onError: told }),
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        // What the server refuses, it refuses again; what did not reach it may.
        retry: (count, error) =>
          count < 2 && !(error instanceof ApiProblem && error.status >= 400 && error.status < 500),
      },
      mutations: { retry: false },
    },
  })
}
