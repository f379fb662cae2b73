import Form from 'antd/es/form'
import Input from 'antd/es/input'
import Segmented from 'antd/es/segmented'
import { useTranslation } from 'react-i18next'
import { addGitCredential, putGitCredential } from '../../api/commands'
import { keys } from '../../api/queries'
import type { GitCredentialView } from '../../api/types'
import { FormModal, showAtField } from '../../components/FormModal'
import { useCommand } from '../../components/useCommand'

interface Values {
  host: string
  kind: 'password' | 'ssh_key'
  username: string
  secret: string
}

interface Props {
  editing: GitCredentialView | 'new' | null
  onClose: () => void
}

export function GitCredentialForm({ editing, onClose }: Props) {
  const { t } = useTranslation(['settings', 'common'])
  const [form] = Form.useForm<Values>()
  const kind = Form.useWatch('kind', form)
  const known = editing === 'new' ? null : editing
  const keeps = known !== null && (kind ?? known.kind) === known.kind
  const save = useCommand(
    (values: Values) => {
      const body = { ...values, username: values.username ?? '', secret: values.secret || null }
      return known ? putGitCredential(known.id, body) : addGitCredential(body)
    },
    {
      changes: [keys.gitCredentials],
      done: t('git.stored'),
      onSuccess: onClose,
      onError: problem => showAtField(form, problem),
    },
  )
  return (
    <FormModal<Values>
      title={known ? t('git.edit', { host: known.host }) : t('git.add')}
      open={editing !== null}
      onClose={onClose}
      form={form}
      initial={{
        host: known?.host ?? '',
        kind: known?.kind ?? 'password',
        username: known?.username ?? '',
        secret: '',
      }}
      busy={save.isPending}
      onSubmit={values => save.mutate(values)}
    >
      <Form.Item
        name="host"
        label={t('git.host')}
        extra={t('git.hostHelp')}
        rules={[{ required: true, message: t('git.hostNeeded') }]}
      >
        <Input autoComplete="off" spellCheck={false} autoFocus />
      </Form.Item>
      <Form.Item name="kind" label={t('git.kind')}>
        <Segmented
          aria-label={t('git.kind')}
          options={(['password', 'ssh_key'] as const).map(value => ({ value, label: t(`git.${value}`) }))}
        />
      </Form.Item>
      {kind !== 'ssh_key' && (
        <Form.Item name="username" label={t('git.username')}>
          <Input autoComplete="off" spellCheck={false} />
        </Form.Item>
      )}
      <Form.Item
        name="secret"
        label={kind === 'ssh_key' ? t('git.key') : t('git.secret')}
        extra={keeps ? t('keep') : undefined}
        rules={keeps ? [] : [{ required: true, message: t('git.secretNeeded') }]}
      >
        {kind === 'ssh_key' ? (
          <Input.TextArea
            autoComplete="off"
            spellCheck={false}
            autoSize={{ minRows: 4, maxRows: 12 }}
            className="mono"
          />
        ) : (
          <Input.Password autoComplete="new-password" />
        )}
      </Form.Item>
    </FormModal>
  )
}
