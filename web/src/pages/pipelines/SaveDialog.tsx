import Input from 'antd/es/input'
import Modal from 'antd/es/modal'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

interface Props {
  open: boolean
  saving: boolean
  errors: number
  onSave: (note: string) => void
  onClose: () => void
}

/** Asks what has changed, and saves. */
export function SaveDialog({ open, saving, errors, onSave, onClose }: Props) {
  const { t } = useTranslation(['pipelines', 'common'])
  const [note, setNote] = useState('')
  return (
    <Modal
      open={open}
      title={t('edit.saveTitle')}
      okText={t('edit.save')}
      cancelText={t('common:action.cancel')}
      confirmLoading={saving}
      onOk={() => onSave(note)}
      onCancel={onClose}
      afterClose={() => setNote('')}
      destroyOnHidden
    >
      <div className="stack tight">
        {errors > 0 && <p className="field-problem">{t('edit.hasErrors', { count: errors })}</p>}
        <label htmlFor="version-note">{t('edit.note')}</label>
        <Input
          id="version-note"
          autoFocus
          maxLength={500}
          value={note}
          placeholder={t('edit.notePlaceholder')}
          onChange={event => setNote(event.target.value)}
          onPressEnter={() => !saving && onSave(note)}
        />
      </div>
    </Modal>
  )
}
