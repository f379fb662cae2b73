import CloseOutlined from '@ant-design/icons/es/icons/CloseOutlined'
import PlusOutlined from '@ant-design/icons/es/icons/PlusOutlined'
import Button from 'antd/es/button'
import Input from 'antd/es/input'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ControlProps } from './FieldRow'
import { InsertMenu } from './InsertMenu'

/** A command word by word, as it is written: the same word may come twice, and a word may be a whole text of a shell. */
export function WordsField({ field, labelledBy, disabled, set }: ControlProps) {
  const { t } = useTranslation('pipelines')
  const words = field.form?.as === 'list' ? field.form.items : []
  const [added, setAdded] = useState<number | null>(null)
  const change = (index: number, word: string) => put(words.map((old, at) => (at === index ? word : old)))
  const put = (items: string[]) => set(items.length > 0 ? { as: 'list', items } : null)
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be labelled from elsewhere
    <div role="group" aria-labelledby={labelledBy} className="stack tight">
      {words.map((word, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a word has no other identity than its place
        <div className="row field-input" key={index}>
          <Input.TextArea
            className="mono"
            autoSize={{ minRows: 1, maxRows: 12 }}
            aria-label={t('editor.word', { number: index + 1 })}
            disabled={disabled}
            autoFocus={index === added}
            value={word}
            spellCheck={false}
            onChange={event => change(index, event.target.value)}
          />
          {field.param.templated && !disabled && (
            <InsertMenu
              name={t('editor.word', { number: index + 1 })}
              secret={false}
              onInsert={hole => change(index, word + hole)}
            />
          )}
          <Button
            type="text"
            icon={<CloseOutlined />}
            aria-label={t('editor.removeNamed', { name: word })}
            disabled={disabled}
            onClick={() => put(words.filter((_, at) => at !== index))}
          />
        </div>
      ))}
      {!disabled && (
        <Button
          size="small"
          type="dashed"
          className="self-start"
          icon={<PlusOutlined />}
          onClick={() => {
            setAdded(words.length)
            put([...words, ''])
          }}
        >
          {t('editor.addWord')}
        </Button>
      )}
    </div>
  )
}
