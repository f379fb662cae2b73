import { useQuery } from '@tanstack/react-query'
import AutoComplete from 'antd/es/auto-complete'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { allRegistries } from '../../../api/queries'
import type { ControlProps } from './FieldRow'
import { InsertMenu } from './InsertMenu'
import { useDraft } from './useDraft'

/** A registry by its name: those that are stored are offered, and any other word can be written. */
export function RegistryField({ field, id, describedBy, disabled, set }: ControlProps) {
  const { t } = useTranslation(['registries', 'pipelines'])
  const { data = [] } = useQuery(allRegistries)
  const { param, form } = field
  const written = form?.as === 'text' ? form.text : null
  const text = useDraft(written, next => set(next === null ? null : { as: 'text', text: next }))
  const standing = data.find(one => one.is_default)
  const options = [
    ...data.map(one => ({ value: one.name, about: one.address })),
    ...(standing ? [{ value: 'default', about: standing.name }] : []),
  ]
  // What stood there when one came is to be exchanged: all are offered, until something is typed.
  const [typing, setTyping] = useState(false)
  const typed = text.value.toLowerCase()
  return (
    <div className="row field-input">
      <AutoComplete
        id={id}
        className="wide mono"
        disabled={disabled}
        aria-describedby={describedBy}
        value={text.value}
        placeholder={param.example ?? ''}
        options={options.filter(one => !typing || `${one.value} ${one.about}`.toLowerCase().includes(typed))}
        optionRender={({ data: one }) => (
          <span className="row between">
            <span className="mono">{one.value}</span>
            <span className="muted small truncate">{one.about}</span>
          </span>
        )}
        notFoundContent={data.length === 0 ? t('none') : null}
        onFocus={() => setTyping(false)}
        onSearch={() => setTyping(true)}
        onChange={(next: string) => text.onChange(next ?? '')}
        onBlur={text.onBlur}
      />
      {param.templated && !disabled && (
        <InsertMenu name={param.key} secret={false} onInsert={hole => text.onChange(text.value + hole)} />
      )}
    </div>
  )
}
