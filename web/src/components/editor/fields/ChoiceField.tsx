import Select from 'antd/es/select'
import { useTranslation } from 'react-i18next'
import type { ControlProps } from './FieldRow'

/** One of a few words; left out, the default holds. */
export function ChoiceField({ field, id, describedBy, disabled, set }: ControlProps) {
  const { t } = useTranslation('pipelines')
  const { param, form } = field
  const value = form?.as === 'text' ? form.text : undefined
  const words = param.kind === 'boolean' ? ['true', 'false'] : (param.choices ?? [])
  // `True` and `FALSE` are Booleans too.
  const known =
    words.find(word => word === value) ??
    (param.kind === 'boolean' ? words.find(word => word === value?.toLowerCase()) : undefined)
  const label = (word: string) => (param.kind !== 'boolean' ? word : word === 'true' ? t('editor.yes') : t('editor.no'))
  return (
    <Select
      id={id}
      className="wide"
      disabled={disabled}
      aria-describedby={describedBy}
      placeholder={param.default === null ? t('editor.notGiven') : t('editor.default', { value: label(param.default) })}
      value={known ?? value ?? null}
      allowClear={!param.required}
      showSearch={words.length > 8}
      options={words.map(word => ({ value: word, label: label(word) }))}
      onChange={(word: string | undefined | null) => void set(word ? { as: 'text', text: word } : null)}
    />
  )
}
