import CheckOutlined from '@ant-design/icons/es/icons/CheckOutlined'
import CloseOutlined from '@ant-design/icons/es/icons/CloseOutlined'
import { useTranslation } from 'react-i18next'
import type { ClusterCheck, Right } from '../../lib/kubeApi'
import { StatusIcon } from '../../ui/StatusIcon'
import { Ticks } from '../../ui/Ticks'

interface Props {
  check: ClusterCheck | null
  busy: boolean
  /** Something was changed since. */
  outdated: boolean
}

/** What came of asking the cluster: who one is there and what one may do, or what is wrong and what to do about it. */
export function CheckResult({ check, busy, outdated }: Props) {
  const { t } = useTranslation('kube')
  return (
    <section className="card check-result" aria-labelledby="check-title">
      <div className="card-head">
        <h2 id="check-title">{t('check.title')}</h2>
      </div>
      <div className="card-body stack tight" role="status" aria-live="polite">
        {busy ? (
          <span className="row">
            <StatusIcon status="running" /> {t('act.testing')}
          </span>
        ) : check === null ? (
          <p className="muted">{t('form.testFirst')}</p>
        ) : (
          <>
            <span className={`tag tone-${check.valid ? 'good' : 'bad'}`} style={{ alignSelf: 'flex-start' }}>
              <StatusIcon status={check.valid ? 'success' : 'failed'} />
              {check.valid
                ? t('check.ok')
                : t(`trouble.${check.trouble ?? 'other'}` as 'trouble.other', { defaultValue: t('check.failed') })}
            </span>
            {outdated && <p className="muted small">{t('form.changedSince')}</p>}
            {!check.valid && (
              <p className="said">
                <Ticks text={check.message} />
              </p>
            )}
            {check.help && (
              <p className="muted">
                <Ticks text={check.help} />
              </p>
            )}
            {check.valid && <Found check={check} />}
          </>
        )}
      </div>
    </section>
  )
}

function Found({ check }: { check: ClusterCheck }) {
  const { t } = useTranslation('kube')
  const { cluster_info: info, identity, rights = [] } = check
  const counted = (good: number | null, all: number | null) =>
    all === null ? t('notAllowed') : t('check.count', { good: good ?? 0, all })
  return (
    <>
      <dl className="details">
        {identity && (
          <div>
            <dt>{t('check.as')}</dt>
            <dd>
              <code>{identity.username}</code>
            </dd>
          </div>
        )}
        {info && (
          <>
            <div>
              <dt>{t('version')}</dt>
              <dd>{info.version}</dd>
            </div>
            <div>
              <dt>{t('nodes')}</dt>
              <dd className="num">{counted(info.ready_nodes, info.total_nodes)}</dd>
            </div>
            <div>
              <dt>{t('pods')}</dt>
              <dd className="num">{counted(info.running_pods, info.total_pods)}</dd>
            </div>
          </>
        )}
      </dl>
      {rights.length > 0 && (
        <>
          <h3>{t('check.rights')}</h3>
          {[...new Set(rights.map(one => one.namespace))].map(namespace => (
            <div key={namespace ?? ''}>
              <p className="muted small">
                {namespace === null ? t('check.everywhere') : t('check.inNamespace', { namespace })}
              </p>
              <ul className="plain-list rights">
                {rights
                  .filter(one => one.namespace === namespace)
                  .map(one => (
                    <RightLine key={`${one.verb} ${one.resource}`} right={one} />
                  ))}
              </ul>
            </div>
          ))}
        </>
      )}
    </>
  )
}

function RightLine({ right }: { right: Right }) {
  const { t } = useTranslation('kube')
  return (
    <li className={right.allowed ? '' : 'muted'}>
      {right.allowed ? (
        <CheckOutlined style={{ color: 'var(--good)' }} aria-hidden />
      ) : (
        <CloseOutlined style={{ color: 'var(--bad)' }} aria-hidden />
      )}
      <span>
        <span className="visually-hidden">{t(right.allowed ? 'check.may' : 'check.mayNot')} </span>
        {right.verb} {right.resource}
      </span>
    </li>
  )
}
