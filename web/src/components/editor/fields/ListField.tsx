import Select from 'antd/es/select'
import { useTranslation } from 'react-i18next'
import { useEditor } from '../context'
import type { ControlProps } from './FieldRow'

/** Several texts; for `needs` the other steps are offered. */
export function ListField({ field, id, describedBy, disabled, set }: ControlProps) {
  const { t } = useTranslation('pipelines')
  const { snapshot, chosen } = useEditor()
  const { param, form } = field
  const items = form?.as === 'list' ? form.items : []
  const needs = param.label === 'step.needs'
  const offered = needs
    ? snapshot.view.steps.filter(step => step.index !== chosen).map(step => step.name)
    : (param.choices ?? [])
  const options = [...new Set(offered)].filter(name => name !== '').map(value => ({ value, label: value }))
  return (
    <Select
      id={id}
      mode={needs ? 'multiple' : 'tags'}
      className="wide"
      disabled={disabled}
      aria-describedby={describedBy}
      placeholder={placeholder()}
      value={items}
      options={options}
      // A text with a comma in it is one text.
      tokenSeparators={['\n']}
      notFoundContent={needs ? t('editor.noOtherStep') : null}
      {...(options.length === 0 && !needs ? { open: false, suffixIcon: null } : {})}
      onChange={(next: string[]) => void set(needs || next.length > 0 ? { as: 'list', items: next } : null)}
    />
  )

  function placeholder(): string {
    if (!needs) return param.example?.replace(/^\[|\]$/g, '') ?? param.default ?? ''
    return form ? t('editor.startsAtOnce') : t('editor.followsPrevious')
  }
}
