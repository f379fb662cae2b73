import type { TFunction } from 'i18next'
import { KNOWN, slugOf } from '../../lib/kube'
import type { KindView } from '../../lib/kubeApi'

/** What the objects of a kind are called: in the language of the page, or as their author named them. */
export function kindTitle(kind: KindView, t: TFunction<'kube'>): string {
  const slug = slugOf(kind)
  return KNOWN.some(one => slugOf(one) === slug) ? t(`kindName.${slug}` as 'kindName.pods') : kind.kind
}
