import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { allClusters } from '../../api/kube'
import type { RunView, StepView } from '../../api/types'
import { RolloutPicture } from '../../components/kube/RolloutPicture'
import { Tails } from '../../components/kube/Tails'
import { Timeline } from '../../components/kube/Timeline'
import { useMonitor } from '../../components/kube/useMonitor'
import { VerdictCard } from '../../components/kube/VerdictCard'
import { WaitingLine } from '../../components/kube/WaitingLine'
import { named, slugOfWord } from '../../lib/kube'
import type { Seen } from '../../lib/monitor'
import { paths } from '../../lib/paths'
import { ended } from '../../lib/status'
import { watchedOf } from '../../lib/watched'
import { EmptyState } from '../../ui/EmptyState'
import { BlockSkeleton } from '../../ui/Skeletons'

interface Props {
  run: RunView
  step: StepView
  attempt: number | undefined
}

/** The rollout that an attempt watches, or watched: the same picture for who was there and for who comes later. */
export function StepRollout({ run, step, attempt }: Props) {
  const { t } = useTranslation('kube')
  const { view, state } = useMonitor(step.step_run, attempt)
  const latest = attempt === undefined || attempt === step.attempts.at(-1)?.number
  // What the run's own events tell is there before the first news of the monitor, and when it cannot be reached.
  const told = latest ? watchedOf(step) : { waiting: null, verdict: null }
  const verdict = view.verdict ?? told.verdict
  const over = ended(step.status) || verdict !== null
  const waiting = over ? null : (view.waiting ?? told.waiting)
  const linkTo = useObjectLink(view.cluster ?? null)
  const nothing = view.rollouts.length + view.events.length + view.logs.length === 0
  if (nothing && verdict === null && waiting === null)
    return over || state === 'ended' ? (
      <EmptyState title={t('rollout.none')}>{t('rollout.noneHelp')}</EmptyState>
    ) : (
      <div className="tab-body" role="status">
        <p className="muted">{t('rollout.loading')}</p>
        <BlockSkeleton height={160} />
      </div>
    )
  return (
    <div className="tab-body stack">
      {verdict && (
        <VerdictCard verdict={verdict} linkTo={linkTo}>
          {step.artifacts > 0 && verdict.outcome === 'failed' && (
            <p className="small">
              <Link {...paths.run(run.id, { step: step.name, tab: 'artifacts' })}>{t('verdict.kept')}</Link>
            </p>
          )}
        </VerdictCard>
      )}
      {waiting && <WaitingLine waiting={waiting} />}
      {!over && (state === 'open' || state === 'lost') && (
        <p className={`small live-${state}`} role="status">
          {t(state === 'lost' ? 'rollout.lost' : 'rollout.live')}
        </p>
      )}
      {view.rollouts.map(rollout => (
        <RolloutPicture key={named(rollout.object)} rollout={rollout} />
      ))}
      <Tails logs={view.logs} />
      {!nothing && <Timeline events={view.events} />}
    </div>
  )
}

/** Leads to the object in the cluster, where that is one of the stored and the kind has a place. */
function useObjectLink(name: string | null) {
  const { data = [] } = useQuery({ ...allClusters, enabled: name !== null, retry: false })
  const cluster = data.find(one => one.name === name || one.id === name)
  if (cluster === undefined) return undefined
  return (object: Seen) => {
    const kind = slugOfWord(object.kind)
    if (kind === undefined) return null
    return (
      <Link {...paths.object(cluster.id, kind, object.namespace ?? null, object.name)}>
        <code>{named(object)}</code>
      </Link>
    )
  }
}
