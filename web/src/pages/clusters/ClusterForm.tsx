import { useNavigate } from '@tanstack/react-router'
import Button from 'antd/es/button'
import Form from 'antd/es/form'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { getVersioned } from '../../api/client'
import { addCluster, kubeKeys, putCluster, validateConnection } from '../../api/kube'
import { showAtField } from '../../components/FormModal'
import { useCommand } from '../../components/useCommand'
import { type ClusterValues, inputOf, NEW_CLUSTER, tested, valuesOf } from '../../lib/clusterForm'
import type { ClusterCheck, ClusterInput, ClusterView } from '../../lib/kubeApi'
import { paths } from '../../lib/paths'
import { ActionButton } from '../../ui/ActionButton'
import { ConfirmButton } from '../../ui/ConfirmButton'
import { AboutFields } from './AboutFields'
import { AccessFields } from './AccessFields'
import { CheckResult } from './CheckResult'

async function store(known: ClusterView | null, input: ClusterInput): Promise<ClusterView> {
  if (known === null) return addCluster(input)
  // What was shown may be a moment old, by a check of the connection for one; its revision is asked for now.
  const { etag } = await getVersioned<ClusterView>(`kubernetes/clusters/${encodeURIComponent(known.id)}`)
  return putCluster(known.id, input, etag)
}

/** What a cluster is and how one signs in there; tried out before it is stored. */
export function ClusterForm({ known }: { known: ClusterView | null }) {
  const { t } = useTranslation('kube')
  const navigate = useNavigate()
  const [form] = Form.useForm<ClusterValues>()
  const initial = known ? valuesOf(known) : NEW_CLUSTER
  // All values count, also those whose fields are not drawn just now.
  const values: ClusterValues = { ...initial, ...Form.useWatch(all => all, { form, preserve: true }) }
  const [result, setResult] = useState<{ of: string; check: ClusterCheck } | null>(null)
  const now = tested(inputOf(values))
  const current = () => inputOf({ ...initial, ...(form.getFieldsValue(true) as ClusterValues) })
  const atField = (problem: Parameters<typeof showAtField>[1]) => {
    const { field } = problem.problem
    const own = field?.replace(/^credential\.(text)$/, 'kubeconfig').replace(/^credential\./, '') ?? null
    return showAtField(form, { ...problem, problem: { ...problem.problem, field: own } } as typeof problem)
  }
  const test = useCommand(
    async () => {
      const input = current()
      return { of: tested(input), check: await validateConnection({ ...input, ...(known ? { id: known.id } : {}) }) }
    },
    { onSuccess: setResult, onError: atField },
  )
  const save = useCommand(() => store(known, current()), {
    changes: [kubeKeys.clusters],
    done: t('stored'),
    onSuccess: stored => navigate(paths.cluster(stored.id)),
    onError: atField,
  })
  const whenComplete = (act: () => void) => void form.validateFields().then(act, () => undefined)
  const fresh = result !== null && result.of === now
  const unsure = result === null ? t('form.testFirst') : fresh ? null : t('form.changedSince')
  const refused = fresh && result.check.valid ? null : (unsure ?? result?.check.message ?? '')
  return (
    <div className="cluster-form">
      <Form<ClusterValues>
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={initial}
        className="card"
        onFinish={() => whenComplete(() => test.mutate(undefined))}
      >
        <div className="card-body">
          <AboutFields />
          <AccessFields form={form} known={known} values={values} />
          <div className="row wrap">
            <Button htmlType="submit" loading={test.isPending} type={refused === null ? 'default' : 'primary'}>
              {t('act.test')}
            </Button>
            <ActionButton
              type={refused === null ? 'primary' : 'default'}
              refused={refused}
              loading={save.isPending}
              onClick={() => whenComplete(() => save.mutate(undefined))}
            >
              {t('form.save')}
            </ActionButton>
            {refused !== null && (
              <ConfirmButton
                type="link"
                question={t('form.saveAnyway')}
                consequence={t('form.saveAnywayHelp')}
                yes={t('form.saveAnyway')}
                onConfirm={() => form.validateFields().then(() => save.mutateAsync(undefined))}
              >
                {t('form.saveAnyway')}
              </ConfirmButton>
            )}
          </div>
        </div>
      </Form>
      <CheckResult check={result?.check ?? null} busy={test.isPending} outdated={result !== null && !fresh} />
    </div>
  )
}
