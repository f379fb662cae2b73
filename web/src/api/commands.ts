// Everything that changes something on the server, one function per route.

import { post, put, putVersioned, remove } from './client'
import type * as T from './types'

const at = encodeURIComponent

// ── sign-in ─────────────────────────────────────────────────────────────────────────────────────────────────────
export const setUp = (body: T.SetupRequest) => post<T.Me>('auth/setup', body)
export const logIn = (body: T.LoginRequest) => post<T.Me>('auth/login', body)
export const logOut = () => post<void>('auth/logout')
export const changePassword = (body: T.PasswordChange) => put<void>('auth/me/password', body)
export const endSession = (id: string) => remove(`auth/sessions/${at(id)}`)
export const makeToken = (body: T.NewTokenRequest) => post<T.NewToken>('tokens', body)
export const removeToken = (id: string) => remove(`tokens/${at(id)}`)

// ── secrets and settings ────────────────────────────────────────────────────────────────────────────────────────
export const putSecret = (name: string, body: T.SecretInput) => put<T.SecretView>(`secrets/${at(name)}`, body)
export const removeSecret = (name: string) => remove(`secrets/${at(name)}`)
export const addGitCredential = (body: T.GitCredentialInput) => post<T.GitCredentialView>('git-credentials', body)
export const putGitCredential = (id: string, body: T.GitCredentialInput) =>
  put<T.GitCredentialView>(`git-credentials/${at(id)}`, body)
export const removeGitCredential = (id: string) => remove(`git-credentials/${at(id)}`)
export const putSettings = (body: T.SettingsInput, etag: string) => putVersioned<T.Settings>('settings', body, etag)

// ── registries ──────────────────────────────────────────────────────────────────────────────────────────────────
export const addRegistry = (body: T.RegistryInput) => post<T.RegistryView>('docker/registries', body)
export const putRegistry = (id: string, body: T.RegistryInput, etag: string) =>
  putVersioned<T.RegistryView>(`docker/registries/${at(id)}`, body, etag)
export const removeRegistry = (id: string) => remove(`docker/registries/${at(id)}`)
export const setDefaultRegistry = (id: string) => post<T.RegistryView>(`docker/registries/${at(id)}/set-default`)
export const testRegistry = (id: string) => post<T.RegistryCheck>(`docker/registries/${at(id)}/test-connection`)

// ── pipelines ───────────────────────────────────────────────────────────────────────────────────────────────────
export const addPipeline = (body: T.PipelineInput) => post<T.PipelineView>('pipelines', body)
export const putPipeline = (id: string, body: T.PipelineInput, etag: string) =>
  putVersioned<T.PipelineView>(`pipelines/${at(id)}`, body, etag)
export const removePipeline = (id: string) => remove(`pipelines/${at(id)}`)
export const clonePipeline = (id: string, name: string) => post<T.PipelineView>(`pipelines/${at(id)}/clone`, { name })
export const importPipelines = (body: T.ImportRequest) => post<{ items: T.BatchResult[] }>('pipelines/import', body)
export const batchPipelines = (body: T.BatchRequest) => post<{ items: T.BatchResult[] }>('pipelines/batch', body)
export const validatePipeline = (text: string) => post<T.Validation>('pipelines/validate', { text })
export const restoreVersion = (id: string, version: number) =>
  post<T.PipelineView>(`pipelines/${at(id)}/versions/${version}/restore`)
/** Sent again with the same key, it starts nothing twice. */
export const runPipeline = (id: string, body: T.RunRequest, idempotencyKey: string) =>
  post<T.RunView>(`pipelines/${at(id)}/run`, body, { 'Idempotency-Key': idempotencyKey })
export const renewHook = (id: string) => post<T.HookSecret>(`pipelines/${at(id)}/hook`)
export const removeHook = (id: string) => remove(`pipelines/${at(id)}/hook`)

// ── runs ────────────────────────────────────────────────────────────────────────────────────────────────────────
export const cancelRun = (id: string) => post<T.RunView>(`runs/${at(id)}/cancel`)
export const retryRun = (id: string, body: T.RetryRequest) => post<T.RunView>(`runs/${at(id)}/retry`, body)
export const removeRun = (id: string) => remove(`runs/${at(id)}`)
export const decide = (id: string, step: string, decision: 'approve' | 'reject', body: T.DecisionRequest) =>
  post<T.RunView>(`runs/${at(id)}/steps/${at(step)}/${decision}`, body)

// ── notifications ───────────────────────────────────────────────────────────────────────────────────────────────
export const addNotification = (body: T.NotificationInput) => post<T.NotificationView>('notifications', body)
export const putNotification = (id: string, body: T.NotificationInput, etag: string) =>
  putVersioned<T.NotificationView>(`notifications/${at(id)}`, body, etag)
export const removeNotification = (id: string) => remove(`notifications/${at(id)}`)
export const testNotification = (id: string) => post<T.MessageView>(`notifications/${at(id)}/test`)
export const retryMessage = (id: string, message: string) =>
  post<T.MessageView>(`notifications/${at(id)}/messages/${at(message)}/retry`)
