import { expect, test, vi } from 'vitest'
import { throttle } from './throttle'

test('the first call is made at once, the last one not lost, those between not made', () => {
  vi.useFakeTimers()
  const run = vi.fn()
  const call = throttle(run, 300)
  for (let n = 0; n < 10; n += 1) call()
  expect(run).toHaveBeenCalledTimes(1)
  vi.advanceTimersByTime(300)
  expect(run).toHaveBeenCalledTimes(2)
  vi.advanceTimersByTime(1000)
  expect(run).toHaveBeenCalledTimes(2)
  call()
  call()
  call.cancel()
  vi.advanceTimersByTime(1000)
  expect(run).toHaveBeenCalledTimes(3)
  vi.useRealTimers()
})
