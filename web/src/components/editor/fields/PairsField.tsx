import CloseOutlined from '@ant-design/icons/es/icons/CloseOutlined'
import PlusOutlined from '@ant-design/icons/es/icons/PlusOutlined'
import Button from 'antd/es/button'
import Input from 'antd/es/input'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ControlProps } from './FieldRow'
import { InsertMenu } from './InsertMenu'
import { useDraft } from './useDraft'

type Pair = [string, string]

/** Names and values, one below the other. */
export function PairsField({ field, labelledBy, disabled, set }: ControlProps) {
  const { t } = useTranslation('pipelines')
  const pairs = field.form?.as === 'pairs' ? field.form.pairs : []
  const [fresh, setFresh] = useState<Pair | null>(null)
  const put = (next: Pair[]) => set(next.length > 0 ? { as: 'pairs', pairs: next } : null)
  const change = (index: number, pair: Pair) => put(pairs.map((old, at) => (at === index ? pair : old)))
  const add = (pair: Pair) => {
    if (pair[0] === '' || !put([...pairs, pair])) setFresh(pair)
    else setFresh(null)
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be labelled from elsewhere
    <div role="group" aria-labelledby={labelledBy} className="stack tight">
      {pairs.map((pair, index) => (
        <Row
          // biome-ignore lint/suspicious/noArrayIndexKey: rows have no other identity, a name may change while it is typed
          key={index}
          pair={pair}
          templated={field.param.templated}
          disabled={disabled}
          onChange={next => change(index, next)}
          onRemove={() => put(pairs.filter((_, at) => at !== index))}
        />
      ))}
      {fresh && (
        <Row
          pair={fresh}
          fresh
          templated={field.param.templated}
          disabled={disabled}
          onChange={add}
          onRemove={() => setFresh(null)}
        />
      )}
      {!disabled && !fresh && (
        <Button
          size="small"
          type="dashed"
          className="self-start"
          icon={<PlusOutlined />}
          onClick={() => setFresh(['', ''])}
        >
          {t('editor.add')}
        </Button>
      )}
    </div>
  )
}

interface RowProps {
  pair: Pair
  fresh?: boolean
  templated: boolean
  disabled: boolean
  onChange: (pair: Pair) => unknown
  onRemove: () => unknown
}

function Row({ pair: [key, value], fresh = false, templated, disabled, onChange, onRemove }: RowProps) {
  const { t } = useTranslation('pipelines')
  const [name, setName] = useState<string | null>(null)
  const text = useDraft(value, next => onChange([key, next ?? '']) !== false)
  // A name is taken over when it is whole: half of it may be another's.
  const leave = () => {
    if (name !== null && name !== key) onChange([name, value])
    setName(null)
  }
  return (
    <div className="row pair">
      <Input
        className="mono"
        aria-label={t('editor.name')}
        placeholder={t('editor.name')}
        disabled={disabled}
        autoFocus={fresh}
        value={name ?? key}
        spellCheck={false}
        onChange={event => setName(event.target.value)}
        onBlur={leave}
        onPressEnter={leave}
      />
      <Input.TextArea
        className="mono"
        autoSize={{ minRows: 1, maxRows: 8 }}
        aria-label={t('editor.valueOf', { name: key || t('editor.name') })}
        placeholder={t('editor.value')}
        disabled={disabled}
        value={text.value}
        spellCheck={false}
        onChange={event => text.onChange(event.target.value)}
        onBlur={text.onBlur}
      />
      {templated && !disabled && (
        <InsertMenu name={key} secret={false} onInsert={hole => onChange([key, value + hole])} />
      )}
      <Button
        type="text"
        icon={<CloseOutlined />}
        aria-label={t('editor.removeNamed', { name: key })}
        disabled={disabled}
        onClick={onRemove}
      />
    </div>
  )
}
