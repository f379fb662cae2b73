import Button from 'antd/es/button'
import Form from 'antd/es/form'
import Input from 'antd/es/input'
import { useTranslation } from 'react-i18next'
import { changePassword } from '../../api/commands'
import { keys } from '../../api/queries'
import { showAtField } from '../../components/FormModal'
import { useCommand } from '../../components/useCommand'

interface Values {
  current: string
  new: string
  again: string
}

export function Password() {
  const { t } = useTranslation(['settings', 'common'])
  const [form] = Form.useForm<Values>()
  const change = useCommand((values: Values) => changePassword({ current: values.current, new: values.new }), {
    changes: [keys.sessions],
    done: t('account.changed'),
    onSuccess: () => form.resetFields(),
    onError: problem => showAtField(form, problem),
  })
  return (
    <section className="card form-narrow">
      <div className="card-body">
        <Form<Values> form={form} layout="vertical" requiredMark={false} onFinish={values => change.mutate(values)}>
          <Form.Item
            name="current"
            label={t('account.current')}
            rules={[{ required: true, message: t('account.needed') }]}
          >
            <Input.Password autoComplete="current-password" />
          </Form.Item>
          <Form.Item
            name="new"
            label={t('account.next')}
            extra={t('account.nextHelp')}
            rules={[{ required: true, min: 10, message: t('account.nextShort') }]}
          >
            <Input.Password autoComplete="new-password" />
          </Form.Item>
          <Form.Item
            name="again"
            label={t('account.again')}
            dependencies={['new']}
            rules={[
              ({ getFieldValue }) => ({
                validator: (_, value) =>
                  value === getFieldValue('new')
                    ? Promise.resolve()
                    : Promise.reject(new Error(t('account.againDiffers'))),
              }),
            ]}
          >
            <Input.Password autoComplete="new-password" />
          </Form.Item>
          <Button type="primary" htmlType="submit" loading={change.isPending}>
            {t('account.change')}
          </Button>
        </Form>
      </div>
    </section>
  )
}
