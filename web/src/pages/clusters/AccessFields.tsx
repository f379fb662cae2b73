import Checkbox from 'antd/es/checkbox'
import Form, { type FormInstance } from 'antd/es/form'
import Input from 'antd/es/input'
import Segmented from 'antd/es/segmented'
import { useTranslation } from 'react-i18next'
import { asksServer, type ClusterValues, METHODS, needsCredential } from '../../lib/clusterForm'
import type { ClusterView } from '../../lib/kubeApi'
import { Ticks } from '../../ui/Ticks'
import { CredentialFields } from './CredentialFields'

interface Props {
  form: FormInstance<ClusterValues>
  known: ClusterView | null
  values: ClusterValues
}

/** Where the cluster is, how one signs in there, and whether one makes sure that it is the one. */
export function AccessFields({ form, known, values }: Props) {
  const { t } = useTranslation('kube')
  const { method } = values
  const needed = needsCredential(values, known)
  return (
    <>
      <Form.Item name="method" label={t('form.method')} className="cluster-methods">
        <Segmented
          block
          aria-label={t('form.method')}
          options={METHODS.map(value => ({ value, label: t(`form.${value}.title`) }))}
        />
      </Form.Item>
      {asksServer(method) && (
        <Form.Item
          name="server"
          label={t('form.server')}
          extra={<Ticks text={t('form.serverHelp')} />}
          rules={[{ required: true, whitespace: true, message: t('form.serverNeeded') }]}
        >
          <Input autoComplete="off" spellCheck={false} inputMode="url" placeholder="https://10.0.0.5:6443" />
        </Form.Item>
      )}
      {method === 'in_cluster' ? (
        <p className="muted" style={{ marginBottom: 16 }}>
          {t('form.in_cluster.help')}
        </p>
      ) : (
        <>
          {!needed && <p className="muted small">{t('form.keep')}</p>}
          <CredentialFields form={form} method={method} needed={needed} text={values.kubeconfig} />
        </>
      )}
      {asksServer(method) && (
        <Form.Item name="ca" label={t('form.ca')} extra={t('form.caHelp')}>
          <Input.TextArea
            className="mono"
            spellCheck={false}
            autoSize={{ minRows: 2, maxRows: 8 }}
            placeholder="-----BEGIN CERTIFICATE-----"
          />
        </Form.Item>
      )}
      {method !== 'in_cluster' && (
        <>
          <Form.Item name="verify_tls" valuePropName="checked">
            <Checkbox>{t('form.verify')}</Checkbox>
          </Form.Item>
          {!values.verify_tls && (
            <p className="tls-warning tone-bad" role="alert">
              {t('form.verifyOff')}
            </p>
          )}
        </>
      )}
      <Form.Item name="namespace" label={t('form.namespace')} extra={t('form.namespaceHelp')}>
        <Input className="mono" autoComplete="off" spellCheck={false} placeholder="default" />
      </Form.Item>
      <details className="more-fields" open={values.proxy !== '' || values.tls_server_name !== ''}>
        <summary>{t('form.more')}</summary>
        <div className="two-columns">
          <Form.Item name="tls_server_name" label={t('form.serverName')} extra={t('form.serverNameHelp')}>
            <Input autoComplete="off" spellCheck={false} />
          </Form.Item>
          <Form.Item name="proxy" label={t('form.proxy')} extra={<Ticks text={t('form.proxyHelp')} />}>
            <Input autoComplete="off" spellCheck={false} inputMode="url" />
          </Form.Item>
        </div>
      </details>
    </>
  )
}
