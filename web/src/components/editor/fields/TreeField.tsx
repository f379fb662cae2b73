import Input from 'antd/es/input'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ControlProps } from './FieldRow'

/** YAML within the YAML. What is no YAML yet waits in the field. */
export function TreeField({ field, id, describedBy, disabled, set }: ControlProps) {
  const { t } = useTranslation('pipelines')
  const [draft, setDraft] = useState<string | null>(null)
  const form = field.form?.as === 'tree' ? field.form : null
  const inline = form?.inline ?? true
  const text = form ? form.text.replace(/\n$/, '') : ''
  const write = (typed: string) => {
    const end = !inline && typed.includes('\n') ? '\n' : ''
    const done = typed.trim() === '' ? set(null) : set({ as: 'tree', text: typed + end, inline }, true)
    // Its own layout stays in the field while it has the focus.
    setDraft(done && typed === text ? null : typed)
  }
  const wrong = draft !== null && draft.trim() !== '' && draft.trimEnd() !== text.trimEnd()
  return (
    <>
      <Input.TextArea
        id={id}
        className="mono"
        disabled={disabled}
        aria-describedby={describedBy}
        autoSize={{ minRows: 3, maxRows: 18 }}
        wrap="off"
        spellCheck={false}
        placeholder={field.param.example ?? ''}
        value={draft ?? text}
        onChange={event => write(event.target.value)}
        onBlur={() => {
          if (!wrong) setDraft(null)
        }}
      />
      {wrong && <p className="field-problem">{t('editor.noYaml')}</p>}
    </>
  )
}
