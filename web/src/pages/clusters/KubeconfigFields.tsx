import Form, { type FormInstance, type Rule } from 'antd/es/form'
import Input from 'antd/es/input'
import Select from 'antd/es/select'
import { type ChangeEvent, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { ClusterValues } from '../../lib/clusterForm'
import { contextsOf } from '../../lib/kubeconfig'
import { Ticks } from '../../ui/Ticks'

interface Props {
  form: FormInstance<ClusterValues>
  rules: Rule[]
  text: string
}

/** A kubeconfig, typed or from a file, and which of its contexts is meant. */
export function KubeconfigFields({ form, rules, text }: Props) {
  const { t } = useTranslation('kube')
  const found = useMemo(() => contextsOf(text), [text])
  const open = async (event: ChangeEvent<HTMLInputElement>) => {
    const [file] = event.target.files ?? []
    if (file) form.setFieldsValue({ kubeconfig: await file.text(), context: '' })
    event.target.value = ''
  }
  return (
    <>
      <Form.Item
        name="kubeconfig"
        label={t('form.kubeconfig.label')}
        rules={rules}
        extra={
          <>
            <Ticks text={t('form.kubeconfig.help')} />
            <br />
            <label className="file-choice">
              {t('form.kubeconfig.open')}
              <input type="file" className="visually-hidden" onChange={event => void open(event)} />
            </label>
            {text.trim() !== '' && (
              <span className={found ? '' : 'said'}>
                {' · '}
                {found ? t('form.kubeconfig.contexts', { count: found.all.length }) : t('form.kubeconfig.unreadable')}
              </span>
            )}
          </>
        }
      >
        <Input.TextArea
          className="mono"
          spellCheck={false}
          autoComplete="off"
          wrap="off"
          autoSize={{ minRows: 6, maxRows: 14 }}
          placeholder={'apiVersion: v1\nkind: Config\n…'}
        />
      </Form.Item>
      {found && (
        <Form.Item name="context" label={t('form.kubeconfig.context')}>
          <Select
            aria-label={t('form.kubeconfig.context')}
            options={[
              ...(found.current === null
                ? []
                : [{ value: '', label: t('form.kubeconfig.current', { name: found.current }) }]),
              ...found.all.map(one => ({ value: one.name, label: one.name, about: one.server })),
            ]}
            optionRender={({ data }) => (
              <span className="row between">
                <span className="truncate">{data.label}</span>
                <span className="muted small truncate">{'about' in data ? data.about : ''}</span>
              </span>
            )}
          />
        </Form.Item>
      )}
    </>
  )
}
