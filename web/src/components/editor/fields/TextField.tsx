import Input from 'antd/es/input'
import { useRef } from 'react'
import type { ControlProps } from './FieldRow'
import { InsertMenu } from './InsertMenu'
import { useDraft } from './useDraft'

const LINES = new Set(['multiline', 'code'])
const MONO = new Set(['code', 'path', 'words', 'name', 'reference', 'duration', 'integer'])

/** A text, a number or a duration; `{{ }}` may stand in all of them. */
export function TextField({ field, id, describedBy, disabled, set }: ControlProps) {
  const { param, form } = field
  const lines = LINES.has(param.kind) || (form?.as === 'text' && form.text.includes('\n'))
  const written = form?.as === 'text' ? form.text : null
  const text = useDraft(written, next => set(next === null ? null : { as: 'text', text: next }))
  const caret = useRef<number | null>(null)
  // A block of lines ends with a line break that nobody sees.
  const shown = lines ? text.value.replace(/\n$/, '') : text.value
  const write = (typed: string) => text.onChange(lines && typed !== '' ? typed + lineEnd(typed, written) : typed)
  const common = {
    id,
    disabled,
    value: shown,
    'aria-describedby': describedBy,
    placeholder: param.default ?? param.example?.split('\n')[0] ?? '',
    spellCheck: false,
    autoComplete: 'off',
    className: MONO.has(param.kind) ? 'mono' : '',
    onBlur: text.onBlur,
    onChange: (event: { target: { value: string } }) => write(event.target.value),
    onSelect: (event: { currentTarget: { selectionStart: number | null } }) => {
      caret.current = event.currentTarget.selectionStart
    },
  }
  const insert = (hole: string) => {
    const at = caret.current ?? shown.length
    write(shown.slice(0, at) + hole + shown.slice(at))
    caret.current = at + hole.length
  }
  const menu = param.templated && !disabled && <InsertMenu name={param.key} secret={param.secret} onInsert={insert} />
  return (
    <div className="row field-input">
      {lines ? (
        <Input.TextArea
          {...common}
          autoSize={{ minRows: param.kind === 'code' ? 3 : 2, maxRows: 18 }}
          wrap={param.kind === 'code' ? 'off' : 'soft'}
        />
      ) : (
        <Input {...common} {...(param.kind === 'integer' ? { inputMode: 'numeric' as const } : {})} />
      )}
      {menu}
    </div>
  )
}

function lineEnd(typed: string, written: string | null): string {
  return typed.includes('\n') || written?.endsWith('\n') ? '\n' : ''
}
