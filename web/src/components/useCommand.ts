import { type QueryKey, useMutation, useQueryClient } from '@tanstack/react-query'
import App from 'antd/es/app'
import { createElement } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiProblem } from '../api/client'
import { Ticks } from '../ui/Ticks'
import { wordsOf } from './Failure'

interface Options<Result> {
  /** What is no longer true after it: keys (see api/queries.ts) that are fetched anew. */
  changes?: QueryKey[]
  /** Told when it has worked. */
  done?: string
  onSuccess?: (result: Result) => unknown
  /** Return true when the error is shown by the caller (at a field, in the form). */
  onError?: (problem: ApiProblem) => boolean
}

/**
 * A change on the server: fetches anew what it changed, tells what went wrong.
 * `const cancel = useCommand(cancelRun, { changes: [keys.run(id)] })`, then `cancel.mutate(id)`.
 */
export function useCommand<Input, Result>(command: (input: Input) => Promise<Result>, options: Options<Result> = {}) {
  const client = useQueryClient()
  const { message } = App.useApp()
  const { t } = useTranslation()
  return useMutation({
    mutationFn: command,
    onSuccess: async result => {
      for (const queryKey of options.changes ?? []) void client.invalidateQueries({ queryKey })
      if (options.done) void message.success(options.done)
      await options.onSuccess?.(result)
    },
    onError: error => {
      if (error instanceof ApiProblem && options.onError?.(error)) return
      // Who is no longer signed in is led to where they can be (see api/queryClient.ts).
      if (error instanceof ApiProblem && error.status === 401) return
      const { title, detail, help } = wordsOf(error, t)
      void message.error(createElement(Ticks, { text: [detail ?? title, help].filter(Boolean).join(' — ') }), 8)
    },
  })
}
