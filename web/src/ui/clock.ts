import { useSyncExternalStore } from 'react'

// One timer for every ticking time on the page; it rests while nobody looks.

type Beat = 'second' | 'minute'
const PERIOD: Record<Beat, number> = { second: 1000, minute: 30_000 }
const listeners: Record<Beat, Set<() => void>> = { second: new Set(), minute: new Set() }
const timers: Record<Beat, ReturnType<typeof setInterval> | undefined> = { second: undefined, minute: undefined }
const times: Record<Beat, number> = { second: Date.now(), minute: Date.now() }

function subscribe(beat: Beat, listener: () => void): () => void {
  listeners[beat].add(listener)
  if (timers[beat] === undefined) {
    times[beat] = Date.now()
    timers[beat] = setInterval(() => {
      if (document.hidden) return
      times[beat] = Date.now()
      for (const tell of listeners[beat]) tell()
    }, PERIOD[beat])
  }
  return () => {
    listeners[beat].delete(listener)
    if (listeners[beat].size === 0) {
      clearInterval(timers[beat])
      timers[beat] = undefined
    }
  }
}

const subscribers = {
  second: (listener: () => void) => subscribe('second', listener),
  minute: (listener: () => void) => subscribe('minute', listener),
}
const reads = { second: () => times.second, minute: () => Math.max(times.minute, times.second) }
const never = () => () => undefined

/** The time now, in epoch milliseconds; draws again every second or half minute, or never when `beat` is null. */
export function useNow(beat: Beat | null): number {
  return useSyncExternalStore(beat === null ? never : subscribers[beat], reads[beat ?? 'minute'])
}
