import fc from 'fast-check'
import { expect, test } from 'vitest'
import { backoff, follow, type Source, type Stream } from './sse'

type Listener = (event: { data?: unknown; lastEventId?: string }) => void

/** The far side: numbered events, sent when the test says so; each connection begins where its URL says. */
class Server {
  opened: string[] = []
  waits: number[] = []
  got: number[] = []
  states: string[] = []
  private listeners = new Map<string, Listener>()
  private next = 0
  private retry: (() => void) | null = null

  stream(position = 0): Stream {
    return {
      url: after => `/events?after=${after}`,
      position,
      event: 'message',
      onEvent: data => this.got.push(Number(data)),
      onState: state => this.states.push(state),
      random: () => 1,
      open: url => {
        this.opened.push(url)
        this.next = Number(url.split('=')[1]) + 1
        const listeners = new Map<string, Listener>()
        this.listeners = listeners
        const source: Source = {
          addEventListener: (type, listener) => listeners.set(type, listener),
          close: () => undefined,
        }
        return source
      },
      later: (run, ms) => {
        this.waits.push(ms)
        this.retry = run
        return () => {
          this.retry = null
        }
      },
    }
  }
  emit(type: string, event: { data?: unknown; lastEventId?: string } = {}, to = this.listeners) {
    to.get(type)?.(event)
  }
  send(back = 0) {
    this.next = Math.max(1, this.next - back)
    this.emit('message', { data: String(this.next), lastEventId: String(this.next) })
    this.next += 1
  }
  breakOff() {
    this.emit('error')
  }
  wake() {
    const run = this.retry
    this.retry = null
    run?.()
  }
  get connection() {
    return this.listeners
  }
}

test('after a break it goes on after the last event', () => {
  const server = new Server()
  follow(server.stream(7))
  server.send()
  server.send()
  server.breakOff()
  server.wake()
  server.send()
  expect(server.opened).toEqual(['/events?after=7', '/events?after=9'])
  expect(server.got).toEqual([8, 9, 10])
})

test('whatever breaks and is sent twice, every event comes once and in order', () => {
  const act = fc.oneof(fc.constant('send'), fc.constant('again'), fc.constant('break'), fc.constant('pause'))
  fc.assert(
    fc.property(fc.array(act, { maxLength: 60 }), acts => {
      const server = new Server()
      const follower = follow(server.stream())
      for (const one of acts) {
        if (one === 'send') server.send()
        if (one === 'again') server.send(3)
        if (one === 'break') {
          server.breakOff()
          server.wake()
        }
        if (one === 'pause') {
          follower.pause()
          follower.resume()
        }
      }
      expect(server.got).toEqual(server.got.map((_, index) => index + 1))
    }),
  )
})

test('it waits longer with each failure and starts anew once something came', () => {
  const server = new Server()
  follow(server.stream())
  for (let failure = 0; failure < 7; failure += 1) {
    server.breakOff()
    server.wake()
  }
  expect(server.waits).toEqual([500, 1000, 2000, 4000, 8000, 15000, 15000])
  server.send()
  server.breakOff()
  expect(server.waits.at(-1)).toBe(500)
  expect(backoff(0, 0)).toBe(375)
})

test('the end is final', () => {
  const server = new Server()
  const follower = follow(server.stream())
  server.emit('end')
  server.breakOff()
  server.wake()
  follower.resume()
  expect(server.opened).toHaveLength(1)
  expect(server.states).toEqual(['connecting', 'ended'])
})

test('a connection that was given up is not listened to', () => {
  const server = new Server()
  const follower = follow(server.stream())
  const old = server.connection
  follower.pause()
  server.emit('message', { data: '1', lastEventId: '1' }, old)
  follower.resume()
  server.emit('message', { data: '1', lastEventId: '1' }, old)
  expect(server.got).toEqual([])
  server.send()
  expect(server.got).toEqual([1])
})

test('closed is closed', () => {
  const server = new Server()
  const follower = follow(server.stream())
  server.breakOff()
  follower.close()
  server.wake()
  follower.resume()
  expect(server.opened).toHaveLength(1)
})
