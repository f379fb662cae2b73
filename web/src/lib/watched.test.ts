import { expect, test } from 'vitest'
import { isWatching, watchedOf } from './watched'

test('a server that does not speak of verdicts says nothing of them', () => {
  expect(watchedOf({ name: 'deploy' })).toEqual({ waiting: null, verdict: null })
})

test('a rollout is shown of steps that watch one, once they have begun', () => {
  expect(isWatching({ type: 'k8s_deploy', attempts: [] })).toBe(false)
  expect(isWatching({ type: 'k8s_deploy', attempts: [{}] })).toBe(true)
  expect(isWatching({ type: 'command', attempts: [{}] })).toBe(false)
})

test('and of every step whose waiting was told, such as a job of a Kubernetes pipeline', () => {
  const told = { waiting: { for: 'the pod', objects: [] } }
  expect(isWatching({ type: 'command', attempts: [{}], ...told })).toBe(true)
})
