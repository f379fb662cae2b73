import { useTranslation } from 'react-i18next'
import type { ObjectPlace } from '../../api/kube'
import { ObjectLink } from '../../components/kube/ObjectLink'
import { StateTag } from '../../components/kube/StateTag'
import type { Condition, ContainerFacts, FactName, ObjectFacts } from '../../lib/objectFacts'
import { Time } from '../../ui/Time'

/** How it is set up, in pairs: rows of a list of details. */
export function FactRows({ place, found }: { place: ObjectPlace; found: ObjectFacts }) {
  const { t } = useTranslation('kube')
  return (
    <>
      {found.owners.length > 0 && (
        <div>
          <dt>{t('object.ownedBy')}</dt>
          <dd>
            {found.owners.map(one => (
              <div key={`${one.kind} ${one.name}`}>
                <ObjectLink cluster={place.cluster} kind={one.kind} namespace={one.namespace} name={one.name} />
              </div>
            ))}
          </dd>
        </div>
      )}
      {found.facts.map(one => (
        <div key={one.name}>
          <dt>{t(`fact.${one.name}`)}</dt>
          <dd>
            <FactValue cluster={place.cluster} name={one.name} value={one.value} />
          </dd>
        </div>
      ))}
      {found.suspended && (
        <div>
          <dt>{t('fact.suspended')}</dt>
          <dd>{t('object.yes')}</dd>
        </div>
      )}
    </>
  )
}

function FactValue({ cluster, name, value }: { cluster: string; name: FactName; value: string }) {
  if (name === 'node') return <ObjectLink cluster={cluster} kind="Node" name={value} />
  if (name === 'lastSchedule') return <Time at={value} />
  if (name === 'replicas' || name === 'completions') return <span className="num">{value}</span>
  return <code style={{ whiteSpace: 'pre-line' }}>{value}</code>
}

/** The containers of a pod as they are, or of a template as they are to be. */
export function Containers({ containers }: { containers: readonly ContainerFacts[] }) {
  const { t } = useTranslation('kube')
  if (containers.length === 0) return null
  return (
    <section aria-label={t('object.containers')}>
      <h3>{t('object.containers')}</h3>
      <ul className="plain-list lines">
        {containers.map(one => (
          <li key={`${one.init} ${one.name}`} className="row wrap">
            {one.ready !== null && <StateTag state={containerState(one)} bare />}
            <strong>{one.name}</strong>
            <code>{one.image}</code>
            {one.init && <span className="muted small">{t('object.init')}</span>}
            {one.state && one.state !== 'running' && <span className="muted small">{one.state}</span>}
            {one.restarts > 0 && (
              <span className="muted small num">{t('rollout.restarts', { count: one.restarts })}</span>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}

function containerState({ state, ready }: ContainerFacts): string {
  if (state?.startsWith('terminated: Completed') || ready) return 'ready'
  if (state?.startsWith('terminated')) return 'failed'
  if (state?.includes('BackOff') || state?.includes('Err')) return 'stuck'
  return 'progressing'
}

/** What its controllers say of it, as the cluster writes it. */
export function Conditions({ conditions }: { conditions: readonly Condition[] }) {
  const { t } = useTranslation('kube')
  if (conditions.length === 0) return null
  return (
    <section aria-label={t('object.conditions')}>
      <h3>{t('object.conditions')}</h3>
      <ul className="plain-list lines">
        {conditions.map(one => (
          <li key={one.type}>
            <span className="row wrap">
              <strong>{one.type}</strong>
              <code>{one.status}</code>
              {one.reason && <span className="muted">{one.reason}</span>}
              <span className="grow" />
              {one.at && (
                <span className="muted">
                  <Time at={one.at} />
                </span>
              )}
            </span>
            {one.message}
          </li>
        ))}
      </ul>
    </section>
  )
}

/** Names and texts of machines and of people, long ones folded. */
export function Texts({ title, texts }: { title: string; texts: readonly [string, string][] }) {
  if (texts.length === 0) return null
  return (
    <section aria-label={title}>
      <h3>{title}</h3>
      <dl className="values">
        {texts.map(([name, value]) => (
          <div key={name}>
            <dt className="mono">{name}</dt>
            <dd>
              {value.includes('\n') ? (
                // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable without a mouse
                <pre className="long-text" tabIndex={0}>
                  {value}
                </pre>
              ) : (
                <code>{value}</code>
              )}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
