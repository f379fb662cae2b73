import { useTranslation } from 'react-i18next'
import { named } from '../../lib/kube'
import type { Waiting } from '../../lib/monitor'
import { StatusIcon } from '../../ui/StatusIcon'
import { Ticks } from '../../ui/Ticks'

/** What a step waits for just now. */
export function WaitingLine({ waiting }: { waiting: Waiting }) {
  const { t } = useTranslation('kube')
  const objects = waiting.objects.map(named).filter(name => !waiting.for.includes(name))
  return (
    <p className="waiting-line tone-busy" role="status">
      <StatusIcon status="running" />
      <span>
        <strong>{t('rollout.waiting')}</strong> <Ticks text={waiting.for} />
        {objects.length > 0 && <code className="muted small"> {objects.slice(0, 4).join(', ')}</code>}
      </span>
    </p>
  )
}
