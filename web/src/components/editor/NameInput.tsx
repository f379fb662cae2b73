import Input from 'antd/es/input'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

interface Props {
  id: string
  /** Where no label stands beside it. */
  label?: string
  name: string
  taken: readonly string[]
  disabled: boolean
  onRename: (name: string) => unknown
}

/** A name is taken over when it is whole: it stands in other places too. */
export function NameInput({ id, label, name, taken, disabled, onRename }: Props) {
  const { t } = useTranslation('pipelines')
  const [draft, setDraft] = useState<string | null>(null)
  const clash = draft !== null && draft !== name && taken.includes(draft)
  const leave = () => {
    if (draft !== null && draft.trim() !== '' && draft !== name && !clash) onRename(draft)
    setDraft(null)
  }
  return (
    <>
      <Input
        id={id}
        aria-label={label}
        disabled={disabled}
        value={draft ?? name}
        spellCheck={false}
        {...(clash ? { status: 'error' as const } : {})}
        onChange={event => setDraft(event.target.value)}
        onBlur={leave}
        onPressEnter={leave}
      />
      {clash && <p className="field-problem">{t('editor.nameTaken')}</p>}
    </>
  )
}
