import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { ObjectLink } from '../../components/kube/ObjectLink'
import { StateTag, stateWord } from '../../components/kube/StateTag'
import { KNOWN, named, slugOf, toneOf } from '../../lib/kube'
import type { ClusterOverview, ObjectState } from '../../lib/kubeApi'
import { paths } from '../../lib/paths'
import { count } from '../../lib/size'
import { Ticks } from '../../ui/Ticks'
import { Time } from '../../ui/Time'

interface Props {
  cluster: string
  overview: ClusterOverview
}

/** What is in the cluster, how it does, and what it complains of. */
export function Overview({ cluster, overview }: Props) {
  const { t, i18n } = useTranslation('kube')
  const { counts = {}, nodes, warnings = [], checks = [], unseen = [] } = overview
  return (
    <div className="stack">
      <section aria-label={t('overview.counts')} className="kind-counts">
        {KNOWN.filter(kind => slugOf(kind) in counts).map(kind => {
          const slug = slugOf(kind)
          const number = counts[slug]
          return (
            <Link key={slug} {...paths.objects(cluster, slug)} className="kind-count">
              <span>{t(`kindName.${slug}` as 'kindName.pods')}</span>
              <strong className="num">
                {number === null || number === undefined ? '–' : count(number, i18n.language)}
              </strong>
            </Link>
          )
        })}
      </section>
      {unseen.map(one => (
        <p key={one} className="muted small">
          <Ticks text={one} />
        </p>
      ))}
      <div className="overview-grid">
        <Box title={t('overview.health')}>
          <Health cluster={cluster} overview={overview} />
        </Box>
        <Box title={t('overview.warnings')}>
          {warnings.length === 0 ? (
            <p className="muted">{t('overview.noWarnings')}</p>
          ) : (
            <ul className="plain-list lines">
              {warnings.slice(0, 20).map(one => (
                <li key={`${named(one.object)} ${one.reason} ${one.text}`}>
                  <div className="row wrap">
                    <strong>{one.reason}</strong>
                    <ObjectLink cluster={cluster} {...one.object} />
                    {one.times > 1 && <span className="muted num">× {one.times}</span>}
                    <span className="grow" />
                    <span className="muted">
                      <Time at={one.at} />
                    </span>
                  </div>
                  {one.text}
                </li>
              ))}
            </ul>
          )}
        </Box>
        <Box title={t('overview.nodes')}>
          {nodes === null || nodes === undefined || nodes.length === 0 ? (
            <p className="muted">{t(nodes?.length === 0 ? 'overview.noNodes' : 'overview.nodesHidden')}</p>
          ) : (
            <ul className="plain-list lines">
              {nodes.map(one => (
                <li key={one.name} className="row wrap">
                  <StateTag state={one.ready ? 'ready' : 'failed'} bare />
                  <Link {...paths.object(cluster, 'nodes', null, one.name)}>
                    <code>{one.name}</code>
                  </Link>
                  <span className="muted">{one.version}</span>
                  {one.message && <span>{one.message}</span>}
                </li>
              ))}
            </ul>
          )}
        </Box>
        {checks.length > 0 && (
          <Box title={t('overview.checks')}>
            <ul className="plain-list lines">
              {checks.map(one => (
                <li key={`${one.at} ${one.state}`}>
                  <span className="row wrap">
                    <StateTag state={one.state} bare />
                    <span className="grow" />
                    <span className="muted">
                      <Time at={one.at} />
                    </span>
                  </span>
                  <Ticks text={one.message} />
                </li>
              ))}
            </ul>
          </Box>
        )}
      </div>
    </div>
  )
}

const STATES: ObjectState[] = ['ready', 'progressing', 'stuck', 'failed', 'unknown']

function Health({ cluster, overview }: Props) {
  const { t } = useTranslation('kube')
  const { health, troubled = [] } = overview
  const all = STATES.reduce((sum, state) => sum + (health?.[state] ?? 0), 0)
  if (all === 0) return <p className="muted">{t('overview.noWorkloads')}</p>
  const some = STATES.filter(state => (health[state] ?? 0) > 0)
  return (
    <>
      <div className="health-bar" aria-hidden="true">
        {some.map(state => (
          <span key={state} style={{ flexGrow: health[state] ?? 0, background: `var(--${toneOf(state)}-solid)` }} />
        ))}
      </div>
      <p className="row wrap small">
        {some.map(state => (
          <span key={state} className="num nowrap">
            {health[state]} {stateWord(state, t).toLowerCase()}
          </span>
        ))}
      </p>
      {troubled.length === 0 ? (
        some.length === 1 && some[0] === 'ready' && <p className="muted">{t('overview.healthy')}</p>
      ) : (
        <ul className="plain-list lines" aria-label={t('overview.troubled')}>
          {troubled.map(one => (
            <li key={`${one.kind} ${one.namespace} ${one.name}`}>
              <div className="row wrap">
                <StateTag state={one.state} bare />
                <ObjectLink cluster={cluster} {...one} />
                <span className="muted">{one.namespace}</span>
              </div>
              {one.message}
            </li>
          ))}
        </ul>
      )}
    </>
  )
}

function Box({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="card" aria-label={title}>
      <div className="card-head">
        <h2>{title}</h2>
      </div>
      <div className="card-body">{children}</div>
    </section>
  )
}
