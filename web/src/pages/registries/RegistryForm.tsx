import Checkbox from 'antd/es/checkbox'
import Form from 'antd/es/form'
import Input from 'antd/es/input'
import Select from 'antd/es/select'
import { useTranslation } from 'react-i18next'
import { getVersioned } from '../../api/client'
import { addRegistry, putRegistry } from '../../api/commands'
import { keys } from '../../api/queries'
import type { RegistryInput, RegistryView } from '../../api/types'
import { FormModal, showAtField } from '../../components/FormModal'
import { useCommand } from '../../components/useCommand'
import { Ticks } from '../../ui/Ticks'
import { ADDRESSES, KINDS, USERS } from './kinds'

type Values = Pick<RegistryInput, 'kind' | 'name'> & Partial<Omit<RegistryInput, 'kind' | 'name'>>

const EMPTY: Values = { kind: 'private', name: '', address: '', insecure: false, username: '', password: '' }

function valuesOf({ kind, name, address, insecure, username }: RegistryView): Values {
  return { kind, name, address, insecure, username, password: '' }
}

async function store(known: RegistryView | null, values: Values): Promise<RegistryView> {
  const isHub = values.kind === 'dockerhub'
  const body: RegistryInput = {
    kind: values.kind,
    name: values.name,
    address: isHub ? '' : (values.address ?? ''),
    insecure: !isHub && values.insecure === true,
    username: values.username ?? '',
    password: values.password || null,
  }
  if (known === null) return addRegistry(body)
  // What was shown may be a moment old, by a test of the connection for one; its revision is asked for now.
  const { etag } = await getVersioned<RegistryView>(`docker/registries/${encodeURIComponent(known.id)}`)
  return putRegistry(known.id, body, etag)
}

interface Props {
  editing: RegistryView | 'new' | null
  onClose: () => void
  onStored: (registry: RegistryView) => void
}

export function RegistryForm({ editing, onClose, onStored }: Props) {
  const { t } = useTranslation(['registries', 'settings'])
  const [form] = Form.useForm<Values>()
  const known = editing === 'new' ? null : editing
  const kind = Form.useWatch('kind', form) ?? known?.kind ?? 'private'
  const keeps = known?.has_password === true
  const save = useCommand((values: Values) => store(known, values), {
    changes: [keys.registries],
    done: t('stored'),
    onSuccess: onStored,
    onError: problem => showAtField(form, problem),
  })
  return (
    <FormModal<Values>
      title={known ? t('edit', { name: known.name }) : t('add')}
      open={editing !== null}
      onClose={onClose}
      form={form}
      initial={known ? valuesOf(known) : EMPTY}
      busy={save.isPending}
      onSubmit={values => save.mutate(values)}
    >
      <Form.Item name="kind" label={t('form.kind')}>
        <Select
          aria-label={t('form.kind')}
          options={KINDS.map(value => ({ value, label: t(`kind.${value}`) }))}
          onChange={(next: Values['kind']) => {
            const names: (string | undefined)[] = ['', ...Object.values(USERS)]
            // What one kind prescribes is not left over for the next.
            if (names.includes(form.getFieldValue('username'))) form.setFieldValue('username', USERS[next] ?? '')
          }}
        />
      </Form.Item>
      <Form.Item
        name="name"
        label={t('form.name')}
        extra={t('form.nameHelp')}
        rules={[{ required: true, whitespace: true, message: t('form.nameNeeded') }]}
      >
        <Input autoComplete="off" spellCheck={false} maxLength={100} autoFocus />
      </Form.Item>
      {kind !== 'dockerhub' && (
        <>
          <Form.Item
            name="address"
            label={t('form.address')}
            extra={t(`form.addressHelp.${kind}`)}
            rules={[{ required: true, whitespace: true, message: t('form.addressNeeded') }]}
          >
            <Input autoComplete="off" spellCheck={false} inputMode="url" placeholder={ADDRESSES[kind]} />
          </Form.Item>
          <Form.Item name="insecure" valuePropName="checked" extra={t('form.insecureHelp')}>
            <Checkbox>{t('form.insecure')}</Checkbox>
          </Form.Item>
        </>
      )}
      <Form.Item
        name="username"
        label={t('form.username')}
        extra={t(`form.usernameHelp.${kind}`)}
        dependencies={['password']}
        rules={[
          ({ getFieldValue }) => ({
            validator: (_, name?: string) => needed(name || !getFieldValue('password'), t('form.usernameNeeded')),
          }),
        ]}
      >
        <Input autoComplete="off" spellCheck={false} placeholder={USERS[kind] ?? ''} />
      </Form.Item>
      <Form.Item
        name="password"
        label={t('form.password')}
        extra={keeps ? t('settings:keep') : <Ticks text={t(`form.passwordHelp.${kind}`)} />}
        dependencies={['username']}
        rules={[
          ({ getFieldValue }) => ({
            validator: (_, password?: string) =>
              needed(password || keeps || !getFieldValue('username'), t('form.passwordNeeded')),
          }),
        ]}
      >
        <Input.Password autoComplete="new-password" />
      </Form.Item>
    </FormModal>
  )
}

const needed = (given: unknown, why: string) => (given ? Promise.resolve() : Promise.reject(new Error(why)))
