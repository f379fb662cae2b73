// The settings as the form holds them, and back.

import type { Forge, Settings, SettingsInput } from '../../api/types'

export const FORGES: Forge[] = ['github', 'gitlab', 'gitea', 'gitee']

export interface Values {
  base_url: string
  max_runs: number
  steps_per_run: number
  keep_runs_days: number
  keep_workspaces_days: number
  use_mail: boolean
  mail: {
    host: string
    port: number
    security: 'tls' | 'starttls' | 'none'
    username: string
    from: string
    password: string
  }
  /** A new secret; empty: as it is. */
  hook_secrets: Partial<Record<Forge, string>>
  /** Secrets that are to go. */
  remove_hook_secrets: Partial<Record<Forge, boolean>>
}

export function valuesOf(stored: Settings): Values {
  const mail = stored.mail
  return {
    base_url: stored.base_url ?? '',
    max_runs: stored.max_runs,
    steps_per_run: stored.steps_per_run,
    keep_runs_days: stored.keep_runs_days,
    keep_workspaces_days: stored.keep_workspaces_days,
    use_mail: mail !== null,
    mail: {
      host: mail?.host ?? '',
      port: mail?.port ?? 587,
      security: mail?.security ?? 'starttls',
      username: mail?.username ?? '',
      from: mail?.from ?? '',
      password: '',
    },
    hook_secrets: {},
    remove_hook_secrets: {},
  }
}

export function inputOf(values: Values): SettingsInput {
  const { use_mail, mail, hook_secrets, remove_hook_secrets, base_url, ...rest } = values
  const secrets: Partial<Record<Forge, string>> = {}
  for (const forge of FORGES) {
    if (remove_hook_secrets?.[forge]) secrets[forge] = ''
    else if (hook_secrets?.[forge]) secrets[forge] = hook_secrets[forge]
  }
  return {
    ...rest,
    base_url: base_url.trim() || null,
    mail: use_mail ? { ...mail, password: mail.password || null } : null,
    hook_secrets: secrets,
  }
}
