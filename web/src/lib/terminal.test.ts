import { expect, test } from 'vitest'
import { endOf, frame, readFrame, resized, STDOUT, typed, words } from './terminal'

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes)
const bytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value))

test('a frame says its channel first, and is read as it was written', () => {
  const found = readFrame(frame(STDOUT, '构建\n').buffer)
  expect([found?.channel, text(found?.bytes ?? new Uint8Array())]).toEqual([1, '构建\n'])
  expect([...typed('a')]).toEqual([0, 97])
  expect(text(resized(80, 24).subarray(1))).toBe('{"Width":80,"Height":24}')
  expect(readFrame(new ArrayBuffer(0))).toBeNull()
})

test('the exit code is found in whichever words it comes', () => {
  expect(endOf(bytes({ status: 'Success' }))).toEqual({ code: 0 })
  expect(endOf(bytes({ exit_code: 3 }))).toEqual({ code: 3 })
  const failed = {
    status: 'Failure',
    message: 'command terminated with exit code 127',
    details: { causes: [{ reason: 'ExitCode', message: '127' }] },
  }
  expect(endOf(bytes(failed))).toEqual({ code: 127 })
  expect(endOf(bytes({ status: 'Failure', message: 'no such container' }))).toEqual({ why: 'no such container' })
  expect(endOf(new TextEncoder().encode('oops'))).toEqual({ why: 'oops' })
})

test('a command is split into words', () => {
  expect(words(`sh -c "echo 'a b'" x`)).toEqual(['sh', '-c', "echo 'a b'", 'x'])
  expect(words('  ')).toEqual([])
})
