import Form from 'antd/es/form'
import Input from 'antd/es/input'
import { useTranslation } from 'react-i18next'
import { putSecret } from '../../api/commands'
import { keys } from '../../api/queries'
import type { SecretView } from '../../api/types'
import { FormModal, showAtField } from '../../components/FormModal'
import { useCommand } from '../../components/useCommand'

interface Values {
  name: string
  value: string
  description: string
}

interface Props {
  editing: SecretView | 'new' | null
  onClose: () => void
}

export function SecretForm({ editing, onClose }: Props) {
  const { t } = useTranslation(['settings', 'common'])
  const [form] = Form.useForm<Values>()
  const known = editing === 'new' ? null : editing
  const save = useCommand(
    (values: Values) =>
      putSecret(known?.name ?? values.name, { value: values.value || null, description: values.description }),
    {
      changes: [keys.secrets],
      done: t('secrets.stored'),
      onSuccess: onClose,
      onError: problem => showAtField(form, problem),
    },
  )
  return (
    <FormModal<Values>
      title={known ? t('secrets.edit', { name: known.name }) : t('secrets.add')}
      open={editing !== null}
      onClose={onClose}
      form={form}
      initial={{ name: known?.name ?? '', value: '', description: known?.description ?? '' }}
      busy={save.isPending}
      onSubmit={values => save.mutate(values)}
    >
      {!known && (
        <Form.Item
          name="name"
          label={t('secrets.name')}
          extra={t('secrets.nameHelp', { example: '{{ secrets.NAME }}' })}
          rules={[{ required: true, pattern: /^[A-Za-z_][A-Za-z0-9_]{0,99}$/, message: t('secrets.nameWrong') }]}
        >
          <Input autoComplete="off" spellCheck={false} className="mono" autoFocus />
        </Form.Item>
      )}
      <Form.Item
        name="value"
        label={t('secrets.value')}
        extra={known ? t('keep') : undefined}
        rules={known ? [] : [{ required: true, message: t('secrets.valueNeeded') }]}
      >
        <Input.TextArea autoComplete="off" spellCheck={false} autoSize={{ minRows: 2, maxRows: 10 }} className="mono" />
      </Form.Item>
      <Form.Item name="description" label={t('secrets.description')}>
        <Input autoComplete="off" maxLength={500} />
      </Form.Item>
    </FormModal>
  )
}
