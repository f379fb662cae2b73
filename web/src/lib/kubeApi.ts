// What the server says of clusters and of what is in them. Shapes only.

import type { PodSquare, Rollout, Seen, Verdict, Waiting } from './monitor'

// ── clusters ────────────────────────────────────────────────────────────────────────────────────────────────────
export const CLUSTER_KINDS = ['k8s', 'eks', 'gke', 'aks', 'rke', 'k3s', 'minikube', 'kind'] as const
export type ClusterKind = (typeof CLUSTER_KINDS)[number]
export type ClusterState = 'connected' | 'disconnected' | 'error' | 'unknown'
export type AuthMethod = 'token' | 'kubeconfig' | 'certificate' | 'in_cluster'

/** What may be told of a credential. */
export interface CredentialFacts {
  subject?: string | null
  expires_at?: string | null
  context?: string | null
}

export interface ClusterView {
  id: string
  name: string
  description: string
  kind: ClusterKind
  server: string
  auth: AuthMethod
  facts: CredentialFacts
  has_ca: boolean
  verify_tls: boolean
  tls_server_name: string | null
  proxy: string | null
  namespace: string | null
  simulated: boolean
  state: ClusterState
  state_since: string | null
  good_at: string | null
  checked_at: string | null
  check_code: string | null
  check_message: string | null
  version: string | null
  /** Null: not known, or not allowed to be listed. */
  nodes: number | null
  nodes_ready: number | null
  pods: number | null
  pods_running: number | null
  username: string | null
  created_at: string
  updated_at: string
  updated_by: string
}

export type Credential =
  | { method: 'token'; token: string }
  | { method: 'kubeconfig'; text: string; context: string | null }
  | { method: 'certificate'; certificate: string; key: string }
  | { method: 'in_cluster' }

export interface ClusterInput {
  name: string
  description: string
  kind: ClusterKind
  /** Empty for a kubeconfig and in the cluster itself, which say it. */
  server: string
  /** Null keeps the stored one. */
  credential: Credential | null
  /** PEM. */
  ca: string | null
  verify_tls: boolean
  tls_server_name: string | null
  proxy: string | null
  namespace: string | null
}

export interface Right {
  verb: string
  resource: string
  namespace: string | null
  allowed: boolean
}

export interface ClusterInfo {
  version: string
  total_nodes: number | null
  ready_nodes: number | null
  total_pods: number | null
  running_pods: number | null
}

/** What came of asking a cluster; nothing is stored by it. */
export interface ClusterCheck {
  valid: boolean
  message: string
  trouble: string | null
  help: string | null
  cluster_info: ClusterInfo | null
  identity: { username: string; groups: string[] } | null
  rights: Right[]
}

/** What a credential is, and whether it worked when the cluster was last asked. */
export interface TokenStatus {
  auth: AuthMethod
  facts: CredentialFacts
  /** Seconds to its end, negative afterwards; null: it does not say. */
  expires_in_s: number | null
  /** Null: nobody has looked, or the cluster did not answer. */
  accepted: boolean | null
  checked_at: string | null
}
export interface TokenGuide {
  commands: string[]
}
export interface TokenValidity {
  accepted: boolean | null
  username: string | null
  message: string
}

// ── what is in them ─────────────────────────────────────────────────────────────────────────────────────────────
export interface KindView {
  group: string
  version: string
  kind: string
  plural: string
  namespaced: boolean
  verbs: string[]
}

export type ObjectState = 'ready' | 'progressing' | 'stuck' | 'failed' | 'unknown'

export interface ObjectRow {
  uid: string
  namespace: string | null
  name: string
  created_at: string | null
  state: ObjectState
  /** Why it is so, in one sentence. */
  message: string | null
  /** Texts, numbers or null, in the order of the list's columns. */
  cells: unknown[]
}

export interface ObjectPage {
  columns: string[]
  items: ObjectRow[]
  next: string | null
  total: number | null
  /** The search was given up before its end. */
  truncated: boolean
}

export interface ObjectEvent {
  at: string | null
  type: string
  reason: string
  text: string
  times: number
  object: Seen
}

export interface TreeNode {
  kind: string
  namespace?: string | null
  name: string
  state: ObjectState
  message: string | null
  children: TreeNode[]
}

export interface Port {
  name: string | null
  port: number
  target: string | null
  protocol: string
}

export interface ObjectView {
  kind: KindView
  namespace: string | null
  name: string
  uid: string
  created_at: string | null
  resource_version: string
  state: ObjectState
  message: string | null
  labels: Record<string, string>
  yaml: string
  events: ObjectEvent[]
  tree: TreeNode[]
  ports: Port[]
  containers: string[]
  replicas: number | null
  /** What could not be looked at, and why. */
  unseen: string[]
  may: string[]
  why_not: Record<string, string>
}

/** What an edit changes, or would change. */
export interface EditResult {
  before: string
  after: string
  warnings: string[]
  resource_version: string
}

/** An object that was made, or would be. */
export interface MadeObject {
  kind: string
  namespace: string | null
  name: string
  after: string
  warnings: string[]
}

export interface ObjectRevision {
  revision: number
  name: string
  created_at: string | null
  images: string[]
  change_cause: string | null
  current: boolean
  yaml: string
}

export interface Workload {
  kind: string
  namespace: string
  name: string
  state: ObjectState
  message: string | null
}

export interface ClusterOverview {
  counts: Record<string, number | null>
  health: Record<string, number>
  troubled: Workload[]
  warnings: ObjectEvent[]
  nodes: { name: string; ready: boolean; version: string; message: string | null }[] | null
  checks: { at: string; state: string; message: string }[]
  unseen: string[]
}

export type { PodSquare, Rollout, Seen, Verdict, Waiting }
