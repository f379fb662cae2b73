import { expect, test } from 'vitest'
import { type LiveState, stay, type Told } from './live'

function scene(onMessage: (type: string, data: unknown) => boolean = () => false) {
  const wires: { told: Told; closed: boolean }[] = []
  const states: LiveState[] = []
  const timers: { run: () => void; ms: number }[] = []
  const live = stay({
    connect: told => {
      const wire = { told, closed: false }
      wires.push(wire)
      return {
        close: () => {
          wire.closed = true
        },
      }
    },
    onMessage,
    onState: state => states.push(state),
    later: (run, ms) => {
      const timer = { run, ms }
      timers.push(timer)
      return () => void timers.splice(timers.indexOf(timer), 1)
    },
    random: () => 0,
  })
  return { live, wires, states, timers }
}

test('what breaks is opened anew, later and later until something comes', () => {
  const { wires, states, timers } = scene()
  wires[0]?.told.open()
  wires[0]?.told.lost()
  expect(wires[0]?.closed).toBe(true)
  timers.shift()?.run()
  wires[1]?.told.lost()
  const [, second] = [0, timers[0]?.ms]
  expect(second).toBeGreaterThan(375)
  timers.shift()?.run()
  wires[2]?.told.message('rows', '')
  wires[2]?.told.lost()
  expect(timers[0]?.ms).toBe(375)
  expect(states).toEqual(['connecting', 'open', 'lost', 'connecting', 'lost', 'connecting', 'lost'])
})

test('a connection that was given up is not heard any more', () => {
  const heard: unknown[] = []
  const { live, wires } = scene((_, data) => {
    heard.push(data)
    return false
  })
  live.pause()
  wires[0]?.told.message('rows', 'old')
  wires[0]?.told.lost()
  live.resume()
  wires[1]?.told.message('rows', 'new')
  expect(heard).toEqual(['new'])
})

test('after the end nothing is asked again', () => {
  const { live, wires, states } = scene(type => type === 'end')
  wires[0]?.told.message('end', '')
  live.resume()
  expect(wires).toHaveLength(1)
  expect(states).toEqual(['connecting', 'ended'])
})
