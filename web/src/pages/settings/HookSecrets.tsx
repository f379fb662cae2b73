import Checkbox from 'antd/es/checkbox'
import Form from 'antd/es/form'
import Input from 'antd/es/input'
import { Trans, useTranslation } from 'react-i18next'
import type { Forge } from '../../api/types'
import { FORGES } from './values'

const NAMES: Record<Forge, string> = { github: 'GitHub', gitlab: 'GitLab', gitea: 'Gitea', gitee: 'Gitee' }

export function HookSecrets({ set }: { set: Forge[] }) {
  const { t } = useTranslation('settings')
  return (
    <>
      <p className="muted small" style={{ marginBottom: 12 }}>
        <Trans t={t} i18nKey="server.hooksHelp" components={[<code key="path" />]} />
      </p>
      <div className="two-columns">
        {FORGES.map(forge => {
          const isSet = set.includes(forge)
          const label = `${NAMES[forge]} · ${isSet ? t('server.isSet') : t('server.notSet')}`
          return (
            <div key={forge}>
              <Form.Item name={['hook_secrets', forge]} label={label} extra={isSet ? t('keep') : undefined}>
                <Input.Password autoComplete="new-password" />
              </Form.Item>
              {isSet && (
                <Form.Item name={['remove_hook_secrets', forge]} valuePropName="checked">
                  <Checkbox>{t('server.removeSecret')}</Checkbox>
                </Form.Item>
              )}
            </div>
          )
        })}
      </div>
    </>
  )
}
