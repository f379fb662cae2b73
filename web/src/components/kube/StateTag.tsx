import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import { shapeOf, toneOf } from '../../lib/kube'
import { StatusIcon } from '../../ui/StatusIcon'
import './kube.css'

/** The word of a state in the language of the page; one that it does not know stays as it is. */
export function stateWord(state: string, t: TFunction<'kube'>): string {
  return t(`state.${state}` as 'state.ready', { defaultValue: state })
}

/** Shape, colour and word of the state of a cluster, an object or a pod. */
export function StateTag({ state, bare = false }: { state: string; bare?: boolean }) {
  const { t } = useTranslation('kube')
  return (
    <span className={`tag tone-${toneOf(state)}${bare ? ' bare' : ''}`}>
      <StatusIcon status={shapeOf(state)} />
      {stateWord(state, t)}
    </span>
  )
}

/** Nothing that happens there happens anywhere. */
export function SimulatedTag() {
  const { t } = useTranslation('kube')
  return <span className="tag tone-hold simulated-tag">{t('simulated')}</span>
}
