import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import Form from 'antd/es/form'
import Input from 'antd/es/input'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { getVersioned } from '../../api/client'
import { checkCluster, kubeKeys, putCluster, tokenGuide, validateConnection } from '../../api/kube'
import { FormModal, showAtField } from '../../components/FormModal'
import { useCommand } from '../../components/useCommand'
import { inputOf, valuesOf } from '../../lib/clusterForm'
import type { ClusterCheck, ClusterInput, ClusterView } from '../../lib/kubeApi'
import { paths } from '../../lib/paths'
import { Command } from '../../ui/Command'
import { Ticks } from '../../ui/Ticks'

interface Props {
  cluster: ClusterView
  open: boolean
  onClose: () => void
}

/** How to get another token, and the place to enter it: tried first, then it replaces what is stored. */
export function RotateDialog({ cluster, open, onClose }: Props) {
  const { t } = useTranslation(['kube', 'common'])
  const [form] = Form.useForm<{ token: string }>()
  const [found, setFound] = useState<ClusterCheck | null>(null)
  const guide = useQuery({ ...tokenGuide(cluster.id), enabled: open })
  const close = () => {
    setFound(null)
    onClose()
  }
  const replace = useCommand(
    async (token: string) => {
      const values = { ...valuesOf(cluster), method: 'token' as const, token }
      const input: ClusterInput = inputOf(values)
      const check = await validateConnection({ ...input, id: cluster.id })
      if (!check.valid) return check
      const { etag } = await getVersioned<ClusterView>(`kubernetes/clusters/${encodeURIComponent(cluster.id)}`)
      await putCluster(cluster.id, input, etag)
      // What is stored is asked at once, so that nobody waits for the next round to see how it does.
      await checkCluster(cluster.id)
      return check
    },
    {
      changes: [kubeKeys.clusters],
      onSuccess: check => (check.valid ? close() : setFound(check)),
      onError: problem => {
        const field = problem.problem.field?.replace(/^credential\./, '') ?? null
        return showAtField(form, { ...problem, problem: { ...problem.problem, field } } as typeof problem)
      },
    },
  )
  return (
    <FormModal<{ token: string }>
      title={t('token.rotateTitle', { name: cluster.name })}
      open={open}
      onClose={close}
      form={form}
      initial={{ token: '' }}
      busy={replace.isPending}
      submit={t('token.submit')}
      onSubmit={({ token }) => replace.mutate(token)}
    >
      <p className="muted small">
        <Ticks text={t('token.steps')} />
      </p>
      <ol className="plain-list stack tight" style={{ margin: '8px 0' }}>
        {(guide.data?.commands ?? []).map(one => (
          <li key={one}>
            <Command text={one} label={`${t('common:action.copy')}: ${one}`} />
          </li>
        ))}
      </ol>
      <p className="muted small" style={{ marginBottom: 12 }}>
        {t('token.stepsHelp')}
      </p>
      <Form.Item
        name="token"
        label={t('token.fresh')}
        extra={t('token.freshHelp')}
        rules={[{ required: true, whitespace: true, message: t('form.needsCredential') }]}
      >
        <Input.Password autoComplete="new-password" spellCheck={false} />
      </Form.Item>
      {cluster.auth !== 'token' && (
        <p className="muted small">{t('token.replaces', { method: t(`form.${cluster.auth}.title`) })}</p>
      )}
      {found && (
        <div className="yaml-refusal tone-bad" role="alert">
          <strong>
            {t(`trouble.${found.trouble ?? 'other'}` as 'trouble.other', { defaultValue: t('check.failed') })}
          </strong>
          <p>
            <Ticks text={found.message} />
          </p>
        </div>
      )}
      <p className="small">
        <Link {...paths.editCluster(cluster.id)}>{t('token.other')}</Link>
      </p>
    </FormModal>
  )
}
