import Tooltip from 'antd/es/tooltip'
import { useTranslation } from 'react-i18next'
import { shapeOf, toneOf } from '../../lib/kube'
import type { PodSquare as Pod } from '../../lib/monitor'
import { StatusIcon } from '../../ui/StatusIcon'
import { stateWord } from './StateTag'

/** A pod as a square: its state by colour and shape, how often it was restarted by a number at its corner. */
export function PodSquare({ pod }: { pod: Pod }) {
  const { t } = useTranslation('kube')
  const state = stateWord(pod.state, t)
  const restarts = pod.restarts > 0 ? t('rollout.restarts', { count: pod.restarts }) : ''
  const node = pod.node ? t('rollout.onNode', { node: pod.node }) : ''
  const name = t('rollout.pod', { name: pod.name, state: [state, pod.text].filter(Boolean).join(' – ') })
  return (
    <Tooltip
      title={
        <>
          <strong>{pod.name}</strong>
          <br />
          {[state, pod.text].filter(Boolean).join(' – ')}
          {(restarts || node) && (
            <>
              <br />
              {[restarts, node].filter(Boolean).join(' · ')}
            </>
          )}
        </>
      }
    >
      <li>
        <button
          type="button"
          className={`pod-square tone-${toneOf(pod.state)}`}
          data-state={pod.state}
          aria-label={[name, restarts, node].filter(Boolean).join(', ')}
        >
          <StatusIcon status={shapeOf(pod.state)} size={16} />
          {pod.restarts > 0 && (
            <span className="pod-restarts num" aria-hidden="true">
              {pod.restarts}
            </span>
          )}
        </button>
      </li>
    </Tooltip>
  )
}
