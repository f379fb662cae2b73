import { useTranslation } from 'react-i18next'
import { named } from '../../lib/kube'
import { type Revision, type Rollout, readyOf, tally } from '../../lib/monitor'
import { PodSquare } from './PodSquare'
import { StateTag, stateWord } from './StateTag'

/** More squares than this tell no more. */
const MOST = 300

/** One object with its versions: a row of squares each, the new one first. */
export function RolloutPicture({ rollout }: { rollout: Rollout }) {
  const { t } = useTranslation('kube')
  const ready = readyOf(rollout)
  return (
    <section className="rollout" aria-label={named(rollout.object)}>
      <div className="row wrap rollout-head">
        <h4 className="mono">{named(rollout.object)}</h4>
        {rollout.object.namespace && <span className="muted small">{rollout.object.namespace}</span>}
        <span className="grow" />
        <span className="num small">{t('rollout.wanted', { ready, wanted: rollout.wanted })}</span>
      </div>
      <div className="rollout-track" aria-hidden="true">
        <span style={{ width: `${rollout.wanted === 0 ? 100 : Math.min(100, (100 * ready) / rollout.wanted)}%` }} />
      </div>
      {rollout.revisions.map(revision => (
        <Version key={revision.name} revision={revision} alone={rollout.revisions.length === 1} />
      ))}
      <p className="muted small row wrap rollout-tally">
        {tally(rollout).map(({ state, count }) => (
          <span key={state} className="num nowrap">
            {count} {stateWord(state, t).toLowerCase()}
          </span>
        ))}
      </p>
    </section>
  )
}

function Version({ revision, alone }: { revision: Revision; alone: boolean }) {
  const { t } = useTranslation('kube')
  const shown = revision.pods.slice(0, MOST)
  const word = t(revision.new ? 'rollout.new' : 'rollout.old')
  return (
    <div className={`rollout-version${revision.new ? '' : ' old'}`}>
      <div className="rollout-name">
        {!alone && <span className="small">{word}</span>}
        <code className="muted small truncate" title={revision.name}>
          {revision.name}
        </code>
      </div>
      {shown.length === 0 ? (
        <span className="muted small">{t('rollout.noPods')}</span>
      ) : (
        <ul className="plain-list pod-squares" aria-label={alone ? revision.name : word}>
          {shown.map(pod => (
            <PodSquare key={pod.name} pod={pod} />
          ))}
          {revision.pods.length > MOST && <li className="muted num">+{revision.pods.length - MOST}</li>}
        </ul>
      )}
      <Ailing revision={revision} />
    </div>
  )
}

/** What ails pods is said once, in words, for who cannot point at a square. */
function Ailing({ revision }: { revision: Revision }) {
  const ailing = revision.pods.filter(pod => (pod.state === 'stuck' || pod.state === 'failed') && pod.text !== '')
  const texts = [...new Map(ailing.map(pod => [pod.text, pod])).values()].slice(0, 3)
  return texts.map(pod => (
    <p key={pod.text} className="small rollout-ailing">
      <StateTag state={pod.state} bare /> <code>{pod.name}</code> {pod.text}
    </p>
  ))
}
