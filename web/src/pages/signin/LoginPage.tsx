import { useQueryClient } from '@tanstack/react-query'
import { getRouteApi, useRouter } from '@tanstack/react-router'
import Alert from 'antd/es/alert'
import Button from 'antd/es/button'
import Form from 'antd/es/form'
import Input from 'antd/es/input'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { logIn } from '../../api/commands'
import { keys } from '../../api/queries'
import type { LoginRequest } from '../../api/types'
import { wordsOf } from '../../components/Failure'
import { AloneLayout } from '../../components/layout/AloneLayout'
import { useCommand } from '../../components/useCommand'

const route = getRouteApi('/login')

export default function LoginPage() {
  const { t } = useTranslation()
  const { next } = route.useSearch()
  const router = useRouter()
  const client = useQueryClient()
  const [wrong, setWrong] = useState<string | null>(null)
  const enter = useCommand(logIn, {
    onSuccess: me => {
      // Whatever was kept may have been somebody else's.
      client.clear()
      client.setQueryData(keys.me, me)
      router.history.push(next ?? '/')
    },
    onError: problem => {
      const { title, detail, help } = wordsOf(problem, t)
      // What a wrong password is called belongs to this page; everything else says itself.
      setWrong(problem.status === 401 ? t('signIn.wrong') : [detail ?? title, help].filter(Boolean).join(' '))
      return true
    },
  })
  return (
    <AloneLayout title={t('signIn.title')}>
      <Form<LoginRequest>
        layout="vertical"
        requiredMark={false}
        onFinish={values => {
          setWrong(null)
          enter.mutate(values)
        }}
      >
        {wrong !== null ? (
          <Alert type="error" showIcon title={wrong} style={{ marginBottom: 16 }} />
        ) : (
          next && (
            <p className="muted" style={{ marginBottom: 16 }}>
              {t('signIn.ended')}
            </p>
          )
        )}
        <Form.Item name="name" label={t('signIn.name')} rules={[{ required: true, message: t('signIn.nameNeeded') }]}>
          <Input autoFocus autoComplete="username" autoCapitalize="none" spellCheck={false} size="large" />
        </Form.Item>
        <Form.Item
          name="password"
          label={t('signIn.password')}
          rules={[{ required: true, message: t('signIn.passwordNeeded') }]}
        >
          <Input.Password autoComplete="current-password" size="large" />
        </Form.Item>
        <Button type="primary" htmlType="submit" size="large" block loading={enter.isPending}>
          {t('signIn.submit')}
        </Button>
      </Form>
    </AloneLayout>
  )
}
