import AutoComplete from 'antd/es/auto-complete'
import { type ReactNode, useState } from 'react'
import type { ControlProps } from './FieldRow'
import { InsertMenu } from './InsertMenu'
import { useDraft } from './useDraft'

export interface Suggestion {
  value: string
  about?: string | undefined
}

interface Props extends ControlProps {
  options: readonly Suggestion[]
  /** Why nothing is offered. */
  none?: ReactNode
  /** The field was entered, with this in it. */
  onEnter?: () => void
  /** It was left, or one was chosen, with this in it. */
  onLeave?: (value: string) => void
}

/** A word out of some that are offered; any other can be written. */
export function SuggestField({ field, id, describedBy, disabled, set, options, none, onEnter, onLeave }: Props) {
  const { param, form } = field
  const written = form?.as === 'text' ? form.text : null
  const text = useDraft(written, next => set(next === null ? null : { as: 'text', text: next }))
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
        placeholder={param.default ?? param.example ?? ''}
        options={options.filter(one => !typing || `${one.value} ${one.about ?? ''}`.toLowerCase().includes(typed))}
        optionRender={({ data: one }) => (
          <span className="row between">
            <span className="mono truncate">{one.value}</span>
            {one.about && <span className="muted small truncate">{one.about}</span>}
          </span>
        )}
        notFoundContent={options.length === 0 ? (none ?? null) : null}
        onFocus={() => {
          setTyping(false)
          onEnter?.()
        }}
        onSearch={() => setTyping(true)}
        onChange={(next: string) => text.onChange(next ?? '')}
        onSelect={(next: string) => onLeave?.(next)}
        onBlur={() => {
          const value = text.value
          text.onBlur()
          onLeave?.(value)
        }}
      />
      {param.templated && !disabled && (
        <InsertMenu name={param.key} secret={false} onInsert={hole => text.onChange(text.value + hole)} />
      )}
    </div>
  )
}
