import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { named } from '../../lib/kube'
import type { Evidence, Seen, Verdict } from '../../lib/monitor'
import { Ticks } from '../../ui/Ticks'
import { Time } from '../../ui/Time'
import { SimulatedTag, StateTag } from './StateTag'

/** The words for a cause; one that this page does not know yet is shown as it is. */
export function CauseWord({ cause }: { cause: string }) {
  const { t } = useTranslation('kube')
  return t(`causes.${cause}` as 'causes.unknown', { defaultValue: cause })
}

interface Props {
  verdict: Verdict
  /** Where an object is shown; nothing where it cannot be. */
  linkTo?: ((object: Seen) => ReactNode) | undefined
  children?: ReactNode
}

/** How the waiting ended: the cause in a word, one sentence, what to do, and what it was seen by. */
export function VerdictCard({ verdict, linkTo, children }: Props) {
  const { t } = useTranslation('kube')
  const failed = verdict.outcome === 'failed'
  const { cause, object, advice, evidence, remarks = [] } = verdict
  return (
    <section className={`verdict ${failed ? 'bad' : 'good'}`} aria-label={t(`verdict.${verdict.outcome}`)}>
      <div className="row wrap">
        <StateTag state={verdict.outcome} />
        {cause && (
          <h3 title={cause}>
            <CauseWord cause={cause} />
          </h3>
        )}
        {verdict.simulated && <SimulatedTag />}
        <span className="grow" />
        {object && <span className="small">{linkTo?.(object) ?? <code>{named(object)}</code>}</span>}
      </div>
      <p className="verdict-summary">
        <Ticks text={verdict.summary} />
      </p>
      {advice && (
        <p className="verdict-advice">
          <strong>{t('verdict.advice')}:</strong> <Ticks text={advice} />
        </p>
      )}
      {remarks.map(remark => (
        <p key={remark} className="muted small">
          <Ticks text={remark} />
        </p>
      ))}
      {evidence.length > 0 && (
        <details className="verdict-evidence">
          <summary>{t('verdict.evidence', { count: evidence.length })}</summary>
          <ul className="plain-list">
            {evidence.map(one => (
              <Piece key={`${one.from} ${named(one.object)} ${one.text}`} piece={one} />
            ))}
          </ul>
        </details>
      )}
      {children}
    </section>
  )
}

function Piece({ piece }: { piece: Evidence }) {
  const { t } = useTranslation('kube')
  return (
    <li>
      <div className="row wrap small muted">
        <span>{t(`verdict.from.${piece.from}`, { defaultValue: piece.from })}</span>
        <code>{named(piece.object)}</code>
        {piece.times > 1 && <span className="num">× {piece.times}</span>}
        <span className="grow" />
        {piece.at && <Time at={piece.at} />}
      </div>
      <pre>{piece.text}</pre>
    </li>
  )
}
