import Form from 'antd/es/form'
import Input from 'antd/es/input'
import Select from 'antd/es/select'
import { useTranslation } from 'react-i18next'
import { CLUSTER_KINDS } from '../../lib/kubeApi'

export function AboutFields() {
  const { t } = useTranslation('kube')
  return (
    <>
      <div className="two-columns">
        <Form.Item
          name="name"
          label={t('form.name')}
          extra={t('form.nameHelp')}
          rules={[{ required: true, whitespace: true, message: t('form.nameNeeded') }]}
        >
          <Input autoComplete="off" spellCheck={false} maxLength={100} placeholder="staging" autoFocus />
        </Form.Item>
        <Form.Item name="kind" label={t('form.kind')}>
          <Select
            aria-label={t('form.kind')}
            options={CLUSTER_KINDS.map(value => ({ value, label: t(`clusterKind.${value}`) }))}
          />
        </Form.Item>
      </div>
      <Form.Item name="description" label={t('form.description')}>
        <Input autoComplete="off" maxLength={500} />
      </Form.Item>
    </>
  )
}
