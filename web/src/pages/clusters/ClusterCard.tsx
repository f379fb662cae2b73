import { Link, useNavigate } from '@tanstack/react-router'
import Button from 'antd/es/button'
import { useTranslation } from 'react-i18next'
import { kubeKeys, removeCluster } from '../../api/kube'
import { ClusterState } from '../../components/kube/ClusterState'
import { ClusterTags } from '../../components/kube/ClusterTags'
import { useCommand } from '../../components/useCommand'
import type { ClusterView } from '../../lib/kubeApi'
import { paths } from '../../lib/paths'
import { ConfirmButton } from '../../ui/ConfirmButton'
import { ClusterFacts } from './ClusterFacts'
import { useCheck } from './useCheck'

export function ClusterCard({ cluster: one }: { cluster: ClusterView }) {
  const { t } = useTranslation(['kube', 'common'])
  const navigate = useNavigate()
  const check = useCheck(one.id)
  const remove = useCommand(() => removeCluster(one.id), { changes: [kubeKeys.clusters], done: t('act.removed') })
  return (
    <li className="card cluster-card" data-cluster={one.name}>
      <div className="card-body stack tight">
        <div className="row wrap">
          <h2>
            <Link {...paths.cluster(one.id)}>{one.name}</Link>
          </h2>
          <ClusterTags cluster={one} />
        </div>
        {one.description && <p className="muted small">{one.description}</p>}
        <ClusterState cluster={one} busy={check.isPending} />
        <ClusterFacts cluster={one} />
      </div>
      <div className="row wrap cluster-actions">
        <Button
          size="small"
          onClick={() => void navigate(paths.objects(one.id, 'deployments'))}
          aria-label={`${t('act.browse')} ${one.name}`}
        >
          {t('act.browse')}
        </Button>
        <Button
          size="small"
          loading={check.isPending}
          onClick={() => check.mutate(undefined)}
          aria-label={`${t('act.test')} ${one.name}`}
        >
          {t('act.test')}
        </Button>
        <Button
          size="small"
          onClick={() => void navigate(paths.editCluster(one.id))}
          aria-label={`${t('common:action.edit')} ${one.name}`}
        >
          {t('common:action.edit')}
        </Button>
        <ConfirmButton
          size="small"
          danger
          aria-label={`${t('common:action.delete')} ${one.name}`}
          question={t('act.removeQuestion', { name: one.name })}
          consequence={t('act.removeHelp')}
          yes={t('common:action.delete')}
          onConfirm={() => remove.mutateAsync(undefined)}
        >
          {t('common:action.delete')}
        </ConfirmButton>
      </div>
    </li>
  )
}
