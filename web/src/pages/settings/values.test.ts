import { expect, test } from 'vitest'
import type { Settings } from '../../api/types'
import { inputOf, valuesOf } from './values'

const stored: Settings = {
  base_url: 'https://ci.example.com',
  max_runs: 8,
  steps_per_run: 4,
  keep_runs_days: 90,
  keep_workspaces_days: 7,
  mail: { host: 'mx', port: 465, security: 'tls', username: 'u', from: 'ci@example.com', has_password: true },
  hook_secrets: ['github'],
}

test('saving what was not changed changes nothing', () => {
  const { mail, hook_secrets, ...rest } = inputOf(valuesOf(stored))
  expect(rest).toEqual({
    base_url: 'https://ci.example.com',
    max_runs: 8,
    steps_per_run: 4,
    keep_runs_days: 90,
    keep_workspaces_days: 7,
  })
  expect(mail).toEqual({
    host: 'mx',
    port: 465,
    security: 'tls',
    username: 'u',
    from: 'ci@example.com',
    password: null,
  })
  expect(hook_secrets).toEqual({})
})

test('a removed secret is an empty text, and no mail is none', () => {
  const values = { ...valuesOf(stored), use_mail: false, remove_hook_secrets: { github: true } }
  expect(inputOf(values).mail).toBeNull()
  expect(inputOf(values).hook_secrets).toEqual({ github: '' })
})
