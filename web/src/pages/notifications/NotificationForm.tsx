import { useQuery } from '@tanstack/react-query'
import Checkbox from 'antd/es/checkbox'
import Form from 'antd/es/form'
import Input from 'antd/es/input'
import Select from 'antd/es/select'
import Switch from 'antd/es/switch'
import { useTranslation } from 'react-i18next'
import { getVersioned } from '../../api/client'
import { addNotification, putNotification } from '../../api/commands'
import { allPipelines, keys } from '../../api/queries'
import type { NotificationInput, NotificationKind, NotificationView } from '../../api/types'
import { FormModal, showAtField } from '../../components/FormModal'
import { useCommand } from '../../components/useCommand'

const KINDS: NotificationKind[] = ['webhook', 'email', 'slack', 'dingtalk', 'feishu', 'wecom']
const EVENTS = ['failure', 'recovered', 'success', 'cancelled', 'approval', 'cluster'] as const
const SIGNED: NotificationKind[] = ['webhook', 'dingtalk', 'feishu']

interface Values extends Omit<NotificationInput, 'url' | 'signing_secret'> {
  url?: string
  signing_secret?: string
}

const EMPTY: Values = { name: '', kind: 'webhook', enabled: true, events: ['failure'], pipelines: [], to: [] }

function valuesOf(known: NotificationView): Values {
  const { name, kind, enabled, events, to } = known
  return { name, kind, enabled, events, to, pipelines: known.pipelines.map(one => one.id) }
}

async function store(known: NotificationView | null, values: Values): Promise<NotificationView> {
  const body: NotificationInput = {
    ...values,
    to: values.to ?? [],
    pipelines: values.pipelines ?? [],
    url: values.url || null,
    signing_secret: values.signing_secret || null,
  }
  if (known === null) return addNotification(body)
  // What was shown may be a moment old; its revision is asked for now.
  const { etag } = await getVersioned<NotificationView>(`notifications/${encodeURIComponent(known.id)}`)
  return putNotification(known.id, body, etag)
}

interface Props {
  editing: NotificationView | 'new' | null
  onClose: () => void
}

export function NotificationForm({ editing, onClose }: Props) {
  const { t } = useTranslation('settings')
  const [form] = Form.useForm<Values>()
  const known = editing === 'new' ? null : editing
  const kind = Form.useWatch('kind', form) ?? known?.kind ?? 'webhook'
  const keeps = known !== null && known.kind === kind
  const pipelines = useQuery(allPipelines)
  const save = useCommand((values: Values) => store(known, values), {
    changes: [keys.notifications],
    done: t('notifications.stored'),
    onSuccess: onClose,
    onError: problem => showAtField(form, problem),
  })
  return (
    <FormModal<Values>
      title={known ? t('notifications.edit', { name: known.name }) : t('notifications.add')}
      open={editing !== null}
      onClose={onClose}
      form={form}
      initial={known ? valuesOf(known) : EMPTY}
      busy={save.isPending}
      onSubmit={values => save.mutate(values)}
    >
      <Form.Item
        name="name"
        label={t('notifications.name')}
        rules={[{ required: true, whitespace: true, message: t('notifications.nameNeeded') }]}
      >
        <Input autoComplete="off" maxLength={100} autoFocus />
      </Form.Item>
      <Form.Item name="kind" label={t('notifications.kind')}>
        <Select
          aria-label={t('notifications.kind')}
          options={KINDS.map(value => ({ value, label: t(`notifications.${value}`) }))}
        />
      </Form.Item>
      {kind === 'email' ? (
        <Form.Item
          name="to"
          label={t('notifications.to')}
          extra={t('notifications.toHelp')}
          rules={[{ required: true, type: 'array', min: 1, message: t('notifications.toNeeded') }]}
        >
          <Select mode="tags" aria-label={t('notifications.to')} tokenSeparators={[',', ' ', ';']} open={false} />
        </Form.Item>
      ) : (
        <Form.Item
          name="url"
          label={t('notifications.url')}
          extra={keeps ? t('keep') : undefined}
          rules={keeps ? [] : [{ required: true, message: t('notifications.urlNeeded') }]}
        >
          <Input
            autoComplete="off"
            spellCheck={false}
            inputMode="url"
            placeholder={keeps ? known.target : 'https://'}
          />
        </Form.Item>
      )}
      {SIGNED.includes(kind) && (
        <Form.Item
          name="signing_secret"
          label={t('notifications.signing')}
          extra={keeps && known.has_signing_secret ? t('keep') : t('notifications.signingHelp')}
        >
          <Input.Password autoComplete="new-password" />
        </Form.Item>
      )}
      <Form.Item
        name="events"
        label={t('notifications.events')}
        rules={[{ required: true, type: 'array', min: 1, message: t('notifications.eventsNeeded') }]}
      >
        <Checkbox.Group
          style={{ display: 'grid', gap: 6 }}
          options={EVENTS.map(value => ({ value, label: t(`notifications.${value}`) }))}
        />
      </Form.Item>
      <Form.Item name="pipelines" label={t('notifications.pipelines')}>
        <Select
          mode="multiple"
          aria-label={t('notifications.pipelines')}
          placeholder={t('notifications.allPipelines')}
          showSearch={{ optionFilterProp: 'label' }}
          options={(pipelines.data ?? []).map(one => ({ value: one.id, label: one.name }))}
        />
      </Form.Item>
      <Form.Item name="enabled" label={t('notifications.enabled')} valuePropName="checked">
        <Switch aria-label={t('notifications.enabled')} />
      </Form.Item>
    </FormModal>
  )
}
