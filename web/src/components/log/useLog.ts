import { useEffect, useState, useSyncExternalStore } from 'react'
import { hrefs } from '../../api/hrefs'
import { type LogSource, logLines, logTail } from '../../api/logs'
import type { LogChunk } from '../../api/types'
import { CHUNK, LogStore } from '../../lib/logStore'
import { follow, type StreamState } from '../../lib/sse'

export interface Log {
  store: LogStore
  /** `loading` until the first window is there. */
  state: 'loading' | 'failed' | StreamState
  error: unknown
  retry: () => void
}

/**
 * An attempt's log: its end (or the lines around `near`) at first, then what is written, while the tab is seen.
 * One hook per attempt: give the component a `key` of the source.
 */
export function useLog({ run, step, attempt }: LogSource, near: number | null): Log {
  const [state, setState] = useState<Log['state']>('loading')
  const [error, setError] = useState<unknown>(null)
  const [tries, setTries] = useState(0)
  const [store] = useState(
    () =>
      new LogStore({
        load: (first, count, signal) => logLines({ run, step, attempt }, first, count, signal),
        onError: setError,
      }),
  )
  useSyncExternalStore(store.subscribe, () => store.revision)

  // A connection to the outside, which is what effects are for. `near` only says where the reading begins.
  // biome-ignore lint/correctness/useExhaustiveDependencies: of `near` only its first value counts; `tries` begins anew
  useEffect(() => {
    const stop = new AbortController()
    const source = { run, step, attempt }
    let closeStream = () => {}
    const first =
      near === null ? logTail(source, 2 * CHUNK, stop.signal) : logLines(source, chunkBegin(near), CHUNK, stop.signal)
    first.then(
      window => {
        if (stop.signal.aborted) return
        store.take(window)
        setError(null)
        setState(window.ended ? 'ended' : 'connecting')
        if (!window.ended) closeStream = stream(store, source, setState)
      },
      (cause: unknown) => {
        if (stop.signal.aborted) return
        setError(cause)
        setState('failed')
      },
    )
    return () => {
      stop.abort()
      closeStream()
      store.close()
    }
  }, [store, run, step, attempt, tries])

  return { store, state, error, retry: () => setTries(tries + 1) }
}

const chunkBegin = (line: number): number => Math.floor((line - 1) / CHUNK) * CHUNK + 1

function stream(store: LogStore, source: LogSource, onState: (state: StreamState) => void): () => void {
  const follower = follow({
    url: position => hrefs.logStream(source.run, source.step, source.attempt, position),
    position: store.next,
    event: 'lines',
    onEvent: data => {
      const chunk: LogChunk = JSON.parse(data)
      store.append(chunk.lines, chunk.next)
    },
    onState: state => {
      if (state === 'ended') store.end()
      onState(state)
    },
  })
  const onVisibility = () => (document.hidden ? follower.pause() : follower.resume())
  onVisibility()
  document.addEventListener('visibilitychange', onVisibility)
  return () => {
    document.removeEventListener('visibilitychange', onVisibility)
    follower.close()
  }
}
