import Alert from 'antd/es/alert'
import Button from 'antd/es/button'
import Checkbox from 'antd/es/checkbox'
import Form from 'antd/es/form'
import Input from 'antd/es/input'
import Modal from 'antd/es/modal'
import Select from 'antd/es/select'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { makeToken } from '../../api/commands'
import { keys } from '../../api/queries'
import { FormModal, showAtField } from '../../components/FormModal'
import { useCommand } from '../../components/useCommand'
import { CopyButton } from '../../ui/CopyButton'

interface Values {
  name: string
  days: number
  read_only: boolean
}

const DAYS = [7, 30, 90, 365]

export function NewToken({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useTranslation(['settings', 'common'])
  const [form] = Form.useForm<Values>()
  const [made, setMade] = useState<string | null>(null)
  const make = useCommand(
    ({ name, days, read_only }: Values) => makeToken({ name, expires_in_days: days || null, read_only }),
    {
      changes: [keys.tokens],
      onSuccess: result => {
        onClose()
        setMade(result.token)
      },
      onError: problem => showAtField(form, problem),
    },
  )
  const options = [
    ...DAYS.map(count => ({ value: count, label: t('account.days', { count }) })),
    { value: 0, label: t('account.neverExpires') },
  ]
  return (
    <>
      <FormModal<Values>
        title={t('account.newToken')}
        open={open}
        onClose={onClose}
        form={form}
        initial={{ name: '', days: 90, read_only: false }}
        busy={make.isPending}
        submit={t('common:action.create')}
        onSubmit={values => make.mutate(values)}
      >
        <Form.Item
          name="name"
          label={t('account.tokenName')}
          rules={[{ required: true, whitespace: true, message: t('account.tokenNameNeeded') }]}
        >
          <Input autoComplete="off" maxLength={100} autoFocus />
        </Form.Item>
        <Form.Item name="days" label={t('account.expires')}>
          <Select aria-label={t('account.expires')} options={options} />
        </Form.Item>
        <Form.Item name="read_only" valuePropName="checked">
          <Checkbox>{t('account.readOnly')}</Checkbox>
        </Form.Item>
      </FormModal>
      <Modal
        title={t('account.made')}
        open={made !== null}
        onCancel={() => setMade(null)}
        mask={{ closable: false }}
        footer={
          <Button type="primary" onClick={() => setMade(null)}>
            {t('account.done')}
          </Button>
        }
        centered
      >
        <div className="stack">
          <Alert type="warning" showIcon title={t('account.madeHelp')} />
          <p className="row">
            <code style={{ overflowWrap: 'anywhere' }}>{made}</code>
            <CopyButton text={made ?? ''} />
          </p>
        </div>
      </Modal>
    </>
  )
}
