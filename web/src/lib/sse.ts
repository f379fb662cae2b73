// Server-sent events that go on after the last one when the connection breaks: nothing doubled, nothing missed.
//
// The browser's own reconnecting gives up for good at the first answer that is no stream (a proxy's 502 during an
// update), so each connection is closed at its first error and opened anew, later and later, from where we are.

/** What we need of an `EventSource`. */
export interface Source {
  addEventListener(type: string, listener: (event: { data?: unknown; lastEventId?: string }) => void): void
  close(): void
}

export type StreamState = 'connecting' | 'open' | 'lost' | 'ended'

export interface Stream {
  /** Where to connect to, to be told what comes after `position`. */
  url: (position: number) => string
  /** Begin after this. */
  position: number
  /** Which type of event brings news; `end` ends it. */
  event: 'message' | 'lines'
  /** `before` is the position so far: what stands before it is known. */
  onEvent: (data: string, position: number, before: number) => void
  onState?: (state: StreamState) => void
  open?: (url: string) => Source
  later?: (run: () => void, ms: number) => () => void
  random?: () => number
}

export interface Follower {
  /** Closes the connection, and opens it again with `resume`. */
  pause(): void
  resume(): void
  close(): void
}

/** Waits before the n-th try (from 0): 0.5 s doubling to 15 s, a quarter of it by chance so that not all come at once. */
export function backoff(tries: number, random: number): number {
  const full = Math.min(15_000, 500 * 2 ** Math.min(tries, 10))
  return Math.round(full * (0.75 + 0.25 * random))
}

const browserSource = (url: string): Source => new EventSource(url) as unknown as Source
const browserLater = (run: () => void, ms: number) => {
  const timer = setTimeout(run, ms)
  return () => clearTimeout(timer)
}

export function follow(stream: Stream): Follower {
  const { open = browserSource, later = browserLater, random = Math.random } = stream
  let position = stream.position
  let tries = 0
  let source: Source | null = null
  let cancelRetry: (() => void) | null = null
  let over = false

  const drop = () => {
    source?.close()
    source = null
    cancelRetry?.()
    cancelRetry = null
  }
  const connect = () => {
    drop()
    stream.onState?.('connecting')
    const mine = open(stream.url(position))
    source = mine
    // Events of a connection that was given up still arrive; they count no more.
    const when = (type: string, act: (event: { data?: unknown; lastEventId?: string }) => void) =>
      mine.addEventListener(type, event => {
        if (source === mine) act(event)
      })
    when('open', () => stream.onState?.('open'))
    when(stream.event, event => {
      tries = 0
      const next = Number(event.lastEventId)
      if (!Number.isFinite(next) || next <= position) return
      const before = position
      position = next
      stream.onEvent(String(event.data), next, before)
    })
    when('end', () => {
      over = true
      drop()
      stream.onState?.('ended')
    })
    when('error', () => {
      drop()
      stream.onState?.('lost')
      cancelRetry = later(connect, backoff(tries, random()))
      tries += 1
    })
  }

  connect()
  return {
    pause: drop,
    resume: () => {
      if (over || source || cancelRetry) return
      tries = 0
      connect()
    },
    close: () => {
      over = true
      drop()
    },
  }
}
