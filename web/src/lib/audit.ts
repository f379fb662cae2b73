// An entry of the audit log as people read it: in which cluster, what, and what is remembered of it.

export interface Told {
  /** The cluster's name; null where the entry is about the cluster itself. */
  cluster: string | null
  object: string
}

/** `staging: Deployment/web` is about an object in a cluster, `cluster staging` about the cluster. */
export function toldOf(object: string): Told {
  const [cluster, ...rest] = object.split(': ')
  if (cluster !== undefined && rest.length > 0) return { cluster, object: rest.join(': ') }
  return { cluster: null, object: object.replace(/^cluster /, '') }
}

/** What nobody reads of what is remembered. */
const HIDDEN = new Set(['id'])

/** What is remembered, in pairs of a word and a text; of an edit of a cluster its revision is no version of an object. */
export function detailsOf(action: string, detail: unknown): [string, string][] {
  if (typeof detail !== 'object' || detail === null || Array.isArray(detail)) return []
  return Object.entries(detail)
    .filter(([name, value]) => value !== null && !HIDDEN.has(name))
    .filter(([name]) => !(name === 'revision' && action.startsWith('cluster.')))
    .map(([name, value]) => [name, textOf(name, value)] as [string, string])
    .filter(([, text]) => text !== '')
}

function textOf(name: string, value: unknown): string {
  if (Array.isArray(value)) return value.map(String).join(name === 'command' ? ' ' : ', ')
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
