import Form, { type FormInstance } from 'antd/es/form'
import Modal from 'antd/es/modal'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { ApiProblem } from '../api/client'

interface Props<Values> {
  title: string
  open: boolean
  onClose: () => void
  form: FormInstance<Values>
  initial: Partial<Values>
  onSubmit: (values: Values) => void
  busy: boolean
  submit?: string
  children: ReactNode
}

/** A dialogue with one form. Enter sends it, Esc leaves it. */
export function FormModal<Values extends object>(props: Props<Values>) {
  const { t } = useTranslation()
  const { title, open, onClose, form, initial, onSubmit, busy, submit, children } = props
  return (
    <Modal
      title={title}
      open={open}
      onCancel={onClose}
      onOk={() => form.submit()}
      okText={submit ?? t('action.save')}
      cancelText={t('action.cancel')}
      confirmLoading={busy}
      destroyOnHidden
      centered
    >
      <Form<Values>
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={initial}
        onFinish={onSubmit}
        preserve={false}
        // Else what was left of one thing would stand in the form of the next.
        clearOnDestroy
        style={{ paddingTop: 8 }}
      >
        {children}
        <input type="submit" hidden tabIndex={-1} aria-hidden="true" />
      </Form>
    </Modal>
  )
}

/** Shows a refusal at the field that it names; false when no field of the form has that name. */
export function showAtField<Values>(form: FormInstance<Values>, problem: ApiProblem): boolean {
  const { field, detail } = problem.problem
  if (field === null) return false
  const name = field.split('.')
  const known = form.getFieldInstance(name as never) ?? form.getFieldInstance(field as never)
  if (!known) return false
  form.setFields([{ name: (name.length > 1 ? name : field) as never, errors: [detail] }])
  return true
}
