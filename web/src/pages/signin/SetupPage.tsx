import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import Alert from 'antd/es/alert'
import Button from 'antd/es/button'
import Form from 'antd/es/form'
import Input from 'antd/es/input'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { setUp } from '../../api/commands'
import { authState, keys } from '../../api/queries'
import type { SetupRequest } from '../../api/types'
import { wordsOf } from '../../components/Failure'
import { AloneLayout } from '../../components/layout/AloneLayout'
import { useCommand } from '../../components/useCommand'
import { paths } from '../../lib/paths'

interface Draft extends SetupRequest {
  again: string
}

/** The first administrator. */
export default function SetupPage() {
  const { t } = useTranslation()
  const { data } = useQuery(authState)
  return (
    <AloneLayout title={t('setup.title')}>
      {data?.setup_required === false ? (
        <div className="stack">
          <p>{t('setup.done')}</p>
          <Link {...paths.login()}>{t('setup.toSignIn')}</Link>
        </div>
      ) : (
        <SetupForm />
      )}
    </AloneLayout>
  )
}

function SetupForm() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const client = useQueryClient()
  const [form] = Form.useForm<Draft>()
  const [wrong, setWrong] = useState<string | null>(null)
  const create = useCommand(setUp, {
    onSuccess: async me => {
      client.clear()
      client.setQueryData(keys.me, me)
      await navigate(paths.dashboard())
    },
    onError: problem => {
      const { title, detail, help } = wordsOf(problem, t)
      const words = [detail ?? title, help].filter(Boolean).join(' ')
      const { field } = problem.problem
      if (field === 'code' || field === 'name' || field === 'password')
        form.setFields([{ name: field, errors: [words] }])
      else setWrong(words)
      return true
    },
  })
  return (
    <Form<Draft>
      form={form}
      layout="vertical"
      requiredMark={false}
      onFinish={({ code, name, password }) => {
        setWrong(null)
        create.mutate({ code: code.trim(), name: name.trim(), password })
      }}
    >
      <p className="muted" style={{ marginBottom: 16 }}>
        {t('setup.intro')}
      </p>
      {wrong !== null && <Alert type="error" showIcon title={wrong} style={{ marginBottom: 16 }} />}
      <Form.Item
        name="code"
        label={t('setup.code')}
        extra={t('setup.codeHelp')}
        rules={[{ required: true, whitespace: true, message: t('setup.codeNeeded') }]}
      >
        <Input autoFocus autoComplete="one-time-code" spellCheck={false} className="mono" />
      </Form.Item>
      <Form.Item
        name="name"
        label={t('setup.name')}
        rules={[{ required: true, whitespace: true, message: t('setup.nameNeeded') }]}
      >
        <Input autoComplete="username" autoCapitalize="none" spellCheck={false} />
      </Form.Item>
      <Form.Item
        name="password"
        label={t('setup.password')}
        extra={t('setup.passwordHelp')}
        rules={[{ required: true, min: 10, message: t('setup.passwordShort') }]}
      >
        <Input.Password autoComplete="new-password" />
      </Form.Item>
      <Form.Item
        name="again"
        label={t('setup.again')}
        dependencies={['password']}
        rules={[
          ({ getFieldValue }) => ({
            validator: (_, value) =>
              value === getFieldValue('password')
                ? Promise.resolve()
                : Promise.reject(new Error(t('setup.againDiffers'))),
          }),
        ]}
      >
        <Input.Password autoComplete="new-password" />
      </Form.Item>
      <Button type="primary" htmlType="submit" block loading={create.isPending}>
        {t('setup.submit')}
      </Button>
    </Form>
  )
}
