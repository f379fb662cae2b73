import Form, { type FormInstance } from 'antd/es/form'
import Input from 'antd/es/input'
import { useTranslation } from 'react-i18next'
import type { ClusterValues } from '../../lib/clusterForm'
import type { AuthMethod } from '../../lib/kubeApi'
import { Ticks } from '../../ui/Ticks'
import { KubeconfigFields } from './KubeconfigFields'

interface Props {
  form: FormInstance<ClusterValues>
  method: Exclude<AuthMethod, 'in_cluster'>
  /** There is none stored that could be kept. */
  needed: boolean
  /** The kubeconfig so far. */
  text: string
}

export function CredentialFields({ form, method, needed, text }: Props) {
  const { t } = useTranslation('kube')
  const rules = [{ required: needed, whitespace: true, message: t('form.needsCredential') }]
  if (method === 'kubeconfig') return <KubeconfigFields form={form} rules={rules} text={text} />
  if (method === 'token')
    return (
      <Form.Item name="token" label={t('form.token.label')} extra={<Ticks text={t('form.token.help')} />} rules={rules}>
        <Input.Password autoComplete="new-password" spellCheck={false} />
      </Form.Item>
    )
  return (
    <div className="two-columns">
      <Form.Item
        name="certificate"
        label={t('form.certificate.label')}
        extra={t('form.certificate.help')}
        rules={rules}
      >
        <Input.TextArea
          className="mono"
          spellCheck={false}
          autoSize={{ minRows: 3, maxRows: 8 }}
          placeholder="-----BEGIN CERTIFICATE-----"
        />
      </Form.Item>
      <Form.Item name="key" label={t('form.certificate.key')} extra={t('form.certificate.keyHelp')} rules={rules}>
        <Input.TextArea
          className="mono"
          spellCheck={false}
          autoComplete="off"
          autoSize={{ minRows: 3, maxRows: 8 }}
          placeholder="-----BEGIN PRIVATE KEY-----"
        />
      </Form.Item>
    </div>
  )
}
