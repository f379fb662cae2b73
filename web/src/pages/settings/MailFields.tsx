import Form from 'antd/es/form'
import Input from 'antd/es/input'
import InputNumber from 'antd/es/input-number'
import Select from 'antd/es/select'
import Switch from 'antd/es/switch'
import { useTranslation } from 'react-i18next'
import type { Values } from './values'

export function MailFields({ hasPassword }: { hasPassword: boolean }) {
  const { t } = useTranslation('settings')
  const form = Form.useFormInstance<Values>()
  const used = Form.useWatch('use_mail', form) ?? form.getFieldValue('use_mail')
  const needed = [{ required: used, message: t('server.needed') }]
  return (
    <>
      <Form.Item name="use_mail" label={t('server.useMail')} valuePropName="checked">
        <Switch aria-label={t('server.useMail')} />
      </Form.Item>
      <div className="two-columns" hidden={!used}>
        <Form.Item name={['mail', 'host']} label={t('server.host')} rules={needed}>
          <Input autoComplete="off" spellCheck={false} />
        </Form.Item>
        <Form.Item name={['mail', 'port']} label={t('server.port')} rules={needed}>
          <InputNumber min={1} max={65535} precision={0} style={{ width: '100%' }} />
        </Form.Item>
        <Form.Item name={['mail', 'security']} label={t('server.security')}>
          <Select
            aria-label={t('server.security')}
            options={[
              { value: 'tls', label: 'TLS' },
              { value: 'starttls', label: 'STARTTLS' },
              { value: 'none', label: t('server.none') },
            ]}
          />
        </Form.Item>
        <Form.Item name={['mail', 'from']} label={t('server.from')} rules={needed}>
          <Input autoComplete="off" inputMode="email" />
        </Form.Item>
        <Form.Item name={['mail', 'username']} label={t('server.username')}>
          <Input autoComplete="off" spellCheck={false} />
        </Form.Item>
        <Form.Item name={['mail', 'password']} label={t('server.password')} extra={hasPassword ? t('keep') : undefined}>
          <Input.Password autoComplete="new-password" />
        </Form.Item>
      </div>
    </>
  )
}
