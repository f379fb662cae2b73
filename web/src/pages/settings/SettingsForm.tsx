import Button from 'antd/es/button'
import Form from 'antd/es/form'
import Input from 'antd/es/input'
import InputNumber from 'antd/es/input-number'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Versioned } from '../../api/client'
import { putSettings } from '../../api/commands'
import { keys } from '../../api/queries'
import type { Settings, SettingsInput } from '../../api/types'
import { showAtField } from '../../components/FormModal'
import { useCommand } from '../../components/useCommand'
import { HookSecrets } from './HookSecrets'
import { MailFields } from './MailFields'
import { inputOf, type Values, valuesOf } from './values'

export function SettingsForm({ stored }: { stored: Versioned<Settings> }) {
  const { t } = useTranslation(['settings', 'common'])
  const [form] = Form.useForm<Values>()
  const save = useCommand((body: SettingsInput) => putSettings(body, stored.etag), {
    changes: [keys.settings],
    done: t('server.saved'),
    onError: problem => showAtField(form, problem),
  })
  const days = t('server.days')
  return (
    <Form<Values>
      form={form}
      layout="vertical"
      requiredMark={false}
      initialValues={valuesOf(stored)}
      onFinish={values => save.mutate(inputOf(values))}
      className="stack"
      style={{ maxWidth: 760 }}
    >
      <Section title={t('server.runs')}>
        <Form.Item name="base_url" label={t('server.base_url')} extra={t('server.base_urlHelp')}>
          <Input autoComplete="off" spellCheck={false} inputMode="url" placeholder={location.origin} />
        </Form.Item>
        <div className="two-columns">
          <Amount name="max_runs" label={t('server.max_runs')} extra={t('server.max_runsHelp')} min={1} max={1000} />
          <Amount name="steps_per_run" label={t('server.steps_per_run')} min={1} max={1000} />
          <Amount name="keep_runs_days" label={t('server.keep_runs_days')} min={0} max={3650} unit={days} />
          <Amount name="keep_workspaces_days" label={t('server.keep_workspaces_days')} min={0} max={3650} unit={days} />
        </div>
        <p className="muted small">{t('server.keepHelp')}</p>
      </Section>
      <Section title={t('server.mail')} help={t('server.mailHelp')}>
        <MailFields hasPassword={stored.mail?.has_password ?? false} />
      </Section>
      <Section title={t('server.hooks')}>
        <HookSecrets set={stored.hook_secrets} />
      </Section>
      <div>
        <Button type="primary" htmlType="submit" loading={save.isPending}>
          {t('common:action.save')}
        </Button>
      </div>
    </Form>
  )
}

function Section({ title, help, children }: { title: string; help?: string; children: ReactNode }) {
  return (
    <section className="card">
      <div className="card-head">
        <h2>{title}</h2>
        {help && <span className="muted small">{help}</span>}
      </div>
      <div className="card-body">{children}</div>
    </section>
  )
}

interface AmountProps {
  name: keyof Values
  label: string
  extra?: string
  min: number
  max: number
  unit?: string
}

function Amount({ name, label, extra, min, max, unit }: AmountProps) {
  const { t } = useTranslation('settings')
  return (
    <Form.Item name={name} label={label} extra={extra} rules={[{ required: true, message: t('server.needed') }]}>
      <InputNumber min={min} max={max} precision={0} suffix={unit} style={{ width: '100%' }} />
    </Form.Item>
  )
}
