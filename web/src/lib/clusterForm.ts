// Between a cluster as it is stored, the fields of its form, and what is sent.

import type { AuthMethod, ClusterInput, ClusterKind, ClusterView, Credential } from './kubeApi'

export interface ClusterValues {
  name: string
  description: string
  kind: ClusterKind
  method: AuthMethod
  server: string
  token: string
  kubeconfig: string
  /** Empty: the current one. */
  context: string
  certificate: string
  key: string
  ca: string
  verify_tls: boolean
  tls_server_name: string
  proxy: string
  namespace: string
}

export const METHODS: readonly AuthMethod[] = ['token', 'kubeconfig', 'certificate', 'in_cluster']

export const NEW_CLUSTER: ClusterValues = {
  name: '',
  description: '',
  kind: 'k8s',
  method: 'kubeconfig',
  server: '',
  token: '',
  kubeconfig: '',
  context: '',
  certificate: '',
  key: '',
  ca: '',
  verify_tls: true,
  tls_server_name: '',
  proxy: '',
  namespace: '',
}

/** A stored cluster in its form; its credential stays with the server. */
export function valuesOf(one: ClusterView): ClusterValues {
  return {
    ...NEW_CLUSTER,
    name: one.name,
    description: one.description ?? '',
    kind: one.kind,
    method: one.auth,
    server: one.server,
    context: one.facts?.context ?? '',
    verify_tls: one.verify_tls,
    tls_server_name: one.tls_server_name ?? '',
    proxy: one.proxy ?? '',
    namespace: one.namespace ?? '',
  }
}

const orNull = (text: string | undefined): string | null => text?.trim() || null

/** Whether the form asks where the cluster is: else its kubeconfig or its own pod says it. */
export const asksServer = (method: AuthMethod) => method === 'token' || method === 'certificate'

function credentialOf(values: ClusterValues): Credential | null {
  const { method } = values
  if (method === 'in_cluster') return { method }
  if (method === 'token') {
    const token = orNull(values.token)
    return token === null ? null : { method, token }
  }
  if (method === 'kubeconfig') {
    const text = orNull(values.kubeconfig)
    return text === null ? null : { method, text, context: orNull(values.context) }
  }
  const certificate = orNull(values.certificate)
  return certificate === null ? null : { method, certificate, key: values.key }
}

/** Another place, another way in, or no TLS any more: the stored credential is not sent there. */
export function needsCredential(values: ClusterValues, known: ClusterView | null): boolean {
  if (values.method === 'in_cluster') return false
  if (known === null || values.method !== known.auth) return true
  const moved = asksServer(values.method) && values.server.trim() !== known.server
  return moved || (!values.verify_tls && known.verify_tls)
}

export function inputOf(values: ClusterValues): ClusterInput {
  return {
    name: values.name.trim(),
    description: values.description?.trim() ?? '',
    kind: values.kind,
    server: asksServer(values.method) ? values.server.trim() : '',
    credential: credentialOf(values),
    ca: values.method === 'kubeconfig' || values.method === 'in_cluster' ? null : orNull(values.ca),
    verify_tls: values.verify_tls,
    tls_server_name: orNull(values.tls_server_name),
    proxy: orNull(values.proxy),
    namespace: orNull(values.namespace),
  }
}

/** What of the input decides whether the cluster answers; a changed description needs no new test. */
export function tested(input: ClusterInput): string {
  const { name: _name, description: _description, kind: _kind, ...rest } = input
  return JSON.stringify(rest)
}
