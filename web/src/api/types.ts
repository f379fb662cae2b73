// The shapes of the HTTP API under the names that pages use. They come from the server's OpenAPI document: whoever wants
// another shape changes the server, and says `npm run types`.

import type { components } from './schema'

type Schemas = components['schemas']

/** A page of a list; the document has one such schema for every kind of item. */
export type Page<Item> = Omit<Schemas['Page_RunSummary'], 'items'> & { items: Item[] }

/** What may be done to a thing by who asks: `may` lists the allowed, `why_not` says why another is not. */
export type Permissions = Pick<Schemas['RunSummary'], 'may' | 'why_not'>

export type Diagnostic = Schemas['Diagnostic']
export type Problem = Schemas['Problem']

// ── sign-in ─────────────────────────────────────────────────────────────────────────────────────────────────────
export type AuthState = Schemas['AuthState']
export type LoginRequest = Schemas['LoginRequest']
export type Me = Schemas['Me']
export type NewToken = Schemas['NewToken']
export type NewTokenRequest = Schemas['NewTokenRequest']
export type PasswordChange = Schemas['PasswordChange']
export type SessionView = Schemas['SessionView']
export type SetupRequest = Schemas['SetupRequest']
export type TokenView = Schemas['TokenView']

// ── what was done ──────────────────────────────────────────────────────────────────────────────────────────────
export type AuditRow = Schemas['AuditRow']
export type AuditVerified = Schemas['AuditVerified']

// ── secrets and settings ───────────────────────────────────────────────────────────────────────────────────────────
export type Forge = Schemas['Forge']
export type GitCredentialInput = Schemas['GitCredentialInput']
export type GitCredentialView = Schemas['GitCredentialView']
export type MailSettings = Schemas['MailSettings']
export type SecretInput = Schemas['SecretInput']
export type SecretView = Schemas['SecretView']
export type Settings = Schemas['Settings']
export type SettingsInput = Schemas['SettingsInput']

// ── registries ─────────────────────────────────────────────────────────────────────────────────────────────────────
export type RegistryCheck = Schemas['RegistryCheck']
export type RegistryImage = Schemas['RegistryImage']
export type RegistryInput = Schemas['RegistryInput']
export type RegistryKind = Schemas['RegistryKind']
export type RegistryView = Schemas['RegistryView']
export type Version = Schemas['Version']

// ── step types ─────────────────────────────────────────────────────────────────────────────────────────────────────
export type Parameter = Schemas['Parameter']
export type ParameterKind = Schemas['ParameterKind']
export type Rule = Schemas['Rule']
export type StepType = Schemas['StepType']
export type Words = Schemas['Words']

// ── pipelines ──────────────────────────────────────────────────────────────────────────────────────────────────────
export type BatchRequest = Schemas['BatchRequest']
export type BatchResult = Schemas['BatchResult']
export type BatchResults = Schemas['BatchResults']
export type ImportRequest = Schemas['ImportRequest']
export type Outline = Schemas['Outline']
export type OutlineStep = Schemas['OutlineStep']
export type PipelineInput = Schemas['PipelineInput']
export type PipelineRef = Schemas['PipelineRef']
export type PipelineSummary = Schemas['PipelineSummary']
export type PipelineView = Schemas['PipelineView']
export type RunBrief = Schemas['RunBrief']
export type RunRequest = Schemas['RunRequest']
export type TriggerKind = Schemas['TriggerKind']
export type Validation = Schemas['Validation']
export type VariableView = Schemas['VariableView']
export type VersionText = Schemas['VersionText']
export type VersionView = Schemas['VersionView']

// ── runs ───────────────────────────────────────────────────────────────────────────────────────────────────────────
export type ApprovalView = Schemas['ApprovalView']
export type ArtifactView = Schemas['ArtifactView']
export type AttemptView = Schemas['AttemptView']
export type DecisionRequest = Schemas['DecisionRequest']
export type RetryRequest = Schemas['RetryRequest']
export type RunStatus = Schemas['RunStatus']
export type RunSummary = Schemas['RunSummary']
export type RunView = Schemas['RunView']
export type StepStatus = Schemas['StepStatus']
export type StepView = Schemas['StepView']

// ── logs ───────────────────────────────────────────────────────────────────────────────────────────────────────────
export type LogChunk = Schemas['LogChunk']
export type LogHit = Schemas['LogHit']
export type LogHits = Schemas['LogHits']
export type LogLine = Schemas['LogLine']
export type LogPage = Schemas['LogPage']

// ── statistics ─────────────────────────────────────────────────────────────────────────────────────────────────────
export type Day = Schemas['Day']
export type Overview = Schemas['Overview']
export type PipelineStatistics = Schemas['PipelineStatistics']
export type StepStatistics = Schemas['StepStatistics']
export type Tally = Schemas['Tally']

// ── triggers ───────────────────────────────────────────────────────────────────────────────────────────────────────
export type DeliveryView = Schemas['DeliveryView']
export type HookSecret = Schemas['HookSecret']
export type TriggersView = Schemas['TriggersView']

// ── notifications ──────────────────────────────────────────────────────────────────────────────────────────────────
export type MessageView = Schemas['MessageView']
export type NotificationEvent = Schemas['NotificationEvent']
export type NotificationInput = Schemas['NotificationInput']
export type NotificationKind = Schemas['NotificationKind']
export type NotificationView = Schemas['NotificationView']
