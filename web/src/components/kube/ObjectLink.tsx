import { Link } from '@tanstack/react-router'
import { named, slugOfWord } from '../../lib/kube'
import { paths } from '../../lib/paths'

interface ObjectLinkProps {
  cluster: string
  kind: string
  namespace?: string | null | undefined
  name: string
}

/** Leads to an object whose kind has a place of its own. */
export function ObjectLink({ cluster, kind, namespace = null, name }: ObjectLinkProps) {
  const slug = slugOfWord(kind)
  const text = <code>{named({ kind, name })}</code>
  return slug ? <Link {...paths.object(cluster, slug, namespace, name)}>{text}</Link> : text
}
