import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { ObjectPlace } from '../../api/kube'
import { ObjectLink } from '../../components/kube/ObjectLink'
import { StateTag } from '../../components/kube/StateTag'
import { slugOf } from '../../lib/kube'
import type { ObjectView, TreeNode } from '../../lib/kubeApi'
import { objectFacts } from '../../lib/objectFacts'
import { Ticks } from '../../ui/Ticks'
import { Conditions, Containers, FactRows, Texts } from './ObjectFacts'
import { SecretValues } from './SecretValues'

/** How it does, what it is labelled with, what it owns. */
export function SummaryTab({ place, object }: { place: ObjectPlace; object: ObjectView }) {
  const { t } = useTranslation('kube')
  const labels = Object.entries(object.labels ?? {})
  const { tree = [], ports = [], unseen = [] } = object
  const found = useMemo(() => objectFacts(object.yaml), [object.yaml])
  return (
    <div className="tab-body stack">
      <dl className="details">
        <FactRows place={place} found={found} />
        {labels.length > 0 && (
          <div>
            <dt>{t('object.labels')}</dt>
            <dd className="label-chips">
              {labels.map(([name, value]) => (
                <span key={name} className="label-chip">
                  {name}={value}
                </span>
              ))}
            </dd>
          </div>
        )}
        {ports.length > 0 && (
          <div>
            <dt>{t('object.ports')}</dt>
            <dd>
              {ports.map(port => (
                <div key={`${port.port} ${port.protocol} ${port.name}`} className="num">
                  <code>
                    {port.port}/{port.protocol}
                  </code>
                  {port.target !== null && port.target !== undefined && (
                    <>
                      {' → '}
                      <code>{port.target}</code>
                    </>
                  )}
                  {port.name && <span className="muted"> {port.name}</span>}
                </div>
              ))}
            </dd>
          </div>
        )}
      </dl>
      <Texts title={t('object.data')} texts={found.data} />
      {slugOf(place.kind) === 'secrets' && <SecretValues place={place} object={object} />}
      {tree.length > 0 && (
        <section aria-label={t('object.owns')}>
          <h3>{t('object.owns')}</h3>
          <Tree nodes={tree} place={place} />
        </section>
      )}
      <Containers containers={found.containers} />
      <Conditions conditions={found.conditions} />
      <Texts title={t('object.annotations')} texts={found.annotations} />
      {unseen.map(one => (
        <p key={one} className="muted small">
          <Ticks text={one} />
        </p>
      ))}
    </div>
  )
}

function Tree({ nodes, place }: { nodes: readonly TreeNode[]; place: ObjectPlace }) {
  return (
    <ul className="tree">
      {nodes.map(node => (
        <li key={`${node.kind} ${node.name}`}>
          <div className="tree-node">
            <StateTag state={node.state} bare />
            <ObjectLink
              cluster={place.cluster}
              kind={node.kind}
              namespace={node.namespace ?? place.namespace ?? null}
              name={node.name}
            />
            {node.message && node.state !== 'ready' && <span className="muted small">{node.message}</span>}
          </div>
          {node.children?.length > 0 && <Tree nodes={node.children} place={place} />}
        </li>
      ))}
    </ul>
  )
}
