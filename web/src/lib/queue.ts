// So many at once, the others in a row: a registry, and the few connections of a browser, are not asked everything at once.

export type Queue = <T>(work: () => Promise<T>, signal?: AbortSignal) => Promise<T>

/** Whoever is no longer wanted leaves the row without having begun. */
export function queue(most: number): Queue {
  const waiting: (() => void)[] = []
  let busy = 0
  return async (work, signal) => {
    signal?.throwIfAborted()
    if (busy < most) busy += 1
    else await turn(waiting, signal)
    try {
      signal?.throwIfAborted()
      return await work()
    } finally {
      // The place is handed on rather than freed: nobody comes in between.
      const begin = waiting.shift()
      if (begin) begin()
      else busy -= 1
    }
  }
}

function turn(waiting: (() => void)[], signal: AbortSignal | undefined): Promise<void> {
  return new Promise((done, fail) => {
    const begin = () => {
      signal?.removeEventListener('abort', leave)
      done()
    }
    const leave = () => {
      waiting.splice(waiting.indexOf(begin), 1)
      fail(signal?.reason)
    }
    waiting.push(begin)
    signal?.addEventListener('abort', leave, { once: true })
  })
}
