// A connection that is opened anew when it breaks, later and later; each time the far side tells the whole first.
// Where only news must come, after a position, lib/sse.ts does it.

import { backoff } from './sse'

export type LiveState = 'connecting' | 'open' | 'lost' | 'ended'

export interface Wire {
  close(): void
}
export interface Told {
  open: () => void
  message: (type: string, data: unknown) => void
  lost: () => void
}

interface Options {
  /** Makes one connection and tells what comes of it. */
  connect: (told: Told) => Wire
  /** True: that was all, and nothing more is asked. */
  onMessage: (type: string, data: unknown) => boolean
  onState: (state: LiveState) => void
  later?: (run: () => void, ms: number) => () => void
  random?: () => number
}

const browserLater = (run: () => void, ms: number) => {
  const timer = setTimeout(run, ms)
  return () => clearTimeout(timer)
}

/** Begins at once. Closed while nobody looks with `pause`, and opened again with `resume`. */
export function stay({ connect, onMessage, onState, later = browserLater, random = Math.random }: Options) {
  let wire: Wire | null = null
  let cancel: (() => void) | null = null
  let tries = 0
  let over = false

  const drop = () => {
    const mine = wire
    wire = null
    mine?.close()
    cancel?.()
    cancel = null
  }
  const begin = () => {
    drop()
    onState('connecting')
    // Which connection this is: one that was given up may still speak.
    let mine: Wire | null = null
    const current = () => wire !== null && wire === mine
    mine = connect({
      open: () => current() && onState('open'),
      message: (type, data) => {
        if (!current()) return
        tries = 0
        if (!onMessage(type, data)) return
        over = true
        drop()
        onState('ended')
      },
      lost: () => {
        if (!current()) return
        drop()
        onState('lost')
        cancel = later(begin, backoff(tries, random()))
        tries += 1
      },
    })
    wire = mine
  }
  begin()
  return {
    pause: drop,
    resume: () => {
      if (!over && !wire && !cancel) {
        tries = 0
        begin()
      }
    },
    close: () => {
      over = true
      drop()
    },
  }
}

/** Server-sent events of these types. */
export function eventSource(url: string, types: readonly string[]) {
  return (told: Told): Wire => {
    const source = new EventSource(url)
    source.addEventListener('open', told.open)
    for (const type of types)
      source.addEventListener(type, event => told.message(type, (event as MessageEvent<unknown>).data))
    // The browser's own reconnecting gives up for good at a proxy's first 502.
    source.addEventListener('error', event => {
      if (!(event instanceof MessageEvent)) told.lost()
    })
    return source
  }
}

/** A WebSocket of this site that only listens. */
export function webSocket(path: string) {
  return (told: Told): Wire => {
    const socket = new WebSocket(socketAddress(path))
    socket.addEventListener('open', told.open)
    socket.addEventListener('message', event => told.message('message', event.data))
    socket.addEventListener('close', told.lost)
    return socket
  }
}

/** `/api/…` of this site as an address for a WebSocket. */
export function socketAddress(path: string): string {
  const address = new URL(path, location.href)
  address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:'
  return address.href
}

/** Pauses while the tab is hidden. Returns what ends it. */
export function whileSeen(live: { pause: () => void; resume: () => void; close: () => void }): () => void {
  const look = () => (document.hidden ? live.pause() : live.resume())
  look()
  document.addEventListener('visibilitychange', look)
  return () => {
    document.removeEventListener('visibilitychange', look)
    live.close()
  }
}
