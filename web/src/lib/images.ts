// Names of images as people read, copy and look them up. The server has checked them; here they are only taken apart.

export interface ImageName {
  host: string
  /** Its whole path: `library/nginx`, `team/shop`. */
  repository: string
  tag: string | undefined
  digest: string | undefined
}

/** `nginx` is `docker.io/library/nginx`: what comes first is a host when it looks like one. */
export function imageName(text: string): ImageName {
  const [name = '', digest] = text.split('@')
  const colon = name.lastIndexOf(':')
  const tagged = colon > name.lastIndexOf('/')
  const path = tagged ? name.slice(0, colon) : name
  const slash = path.indexOf('/')
  const first = slash < 0 ? '' : path.slice(0, slash)
  const isHost = first === 'localhost' || /[.:]/.test(first)
  const rest = isHost ? path.slice(slash + 1) : path
  const host = isHost ? first : 'docker.io'
  return {
    host,
    repository: host === 'docker.io' && !rest.includes('/') ? `library/${rest}` : rest,
    tag: tagged ? name.slice(colon + 1) : undefined,
    digest,
  }
}

const PLAIN = /^(\[[0-9A-Fa-f:.]+\])?[A-Za-z0-9:][A-Za-z0-9._/:@-]*$/

/** Nothing where a shell would read more in it than a name: what stands in a registry may have been put there by anybody. */
export function pullCommand(reference: string): string | null {
  if (!PLAIN.test(reference)) return null
  // Brackets are a pattern to a shell.
  return `docker pull ${reference.startsWith('[') ? `'${reference}'` : reference}`
}

/** The name by which the very same image can be pulled for ever. */
export function pinned(reference: string, digest: string): string {
  const { tag } = imageName(reference)
  const [name = ''] = reference.split('@')
  return `${tag === undefined ? name : name.slice(0, -tag.length - 1)}@${digest}`
}

/** `sha256:` and the first twelve figures, by which people know one. */
export function shortDigest(digest: string): string {
  const [kind, figures] = digest.split(':')
  return figures === undefined ? digest.slice(0, 12) : `${kind}:${figures.slice(0, 12)}`
}

/** The registry in which an image is, of those that are known: the one with the longest path. */
export function registryOf<R extends { address: string }>(registries: readonly R[], image: ImageName): R | undefined {
  const place = `${image.host}/${image.repository}`
  return registries
    .filter(({ address }) => place.startsWith(`${address}/`))
    .sort((a, b) => b.address.length - a.address.length)[0]
}

const numbers = new Intl.Collator('en', { numeric: true })

/** The latest first, as far as names tell: `latest`, then by their numbers downwards. */
export function latestFirst(tags: readonly string[]): string[] {
  const rank = (tag: string) => (tag === 'latest' ? 0 : 1)
  return [...tags].sort((a, b) => rank(a) - rank(b) || numbers.compare(b, a))
}
