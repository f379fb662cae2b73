import CloseOutlined from '@ant-design/icons/es/icons/CloseOutlined'
import PlusOutlined from '@ant-design/icons/es/icons/PlusOutlined'
import Button from 'antd/es/button'
import Input from 'antd/es/input'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { removeAndPrune } from '../../lib/pipeline-doc/field'
import { fromForm } from '../../lib/pipeline-doc/form'
import { sourceAt } from '../../lib/pipeline-doc/locate'
import { afterIn } from '../../lib/pipeline-doc/order'
import { variablesOf } from '../../lib/pipeline-doc/view'
import { useEditor } from './context'
import { useDraft } from './fields/useDraft'

/** The pipeline's variables with their defaults. */
export function Variables() {
  const { t } = useTranslation('pipelines')
  const { snapshot, change, readOnly } = useEditor()
  const [fresh, setFresh] = useState<string | null>(null)
  const variables = variablesOf(snapshot.view)
  const add = () => {
    const name = fresh?.trim() ?? ''
    setFresh(null)
    if (name === '' || variables.some(variable => variable.name === name)) return
    change((draft, view) => {
      const path = [...view.base, 'variables', name]
      draft.set(path, '', afterIn(draft.tree, path))
    })
  }
  return (
    <div className="stack tight">
      {variables.map((variable, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a variable may be renamed while its row has the focus
        <Row key={index} name={variable.name} text={variable.text} taken={variables.map(one => one.name)} />
      ))}
      {fresh !== null && (
        <Input
          autoFocus
          className="mono"
          aria-label={t('editor.newVariable')}
          placeholder={t('editor.newVariable')}
          value={fresh}
          onChange={event => setFresh(event.target.value)}
          onBlur={add}
          onPressEnter={add}
        />
      )}
      {!readOnly && fresh === null && (
        <Button size="small" type="dashed" className="self-start" icon={<PlusOutlined />} onClick={() => setFresh('')}>
          {t('editor.addVariable')}
        </Button>
      )}
    </div>
  )
}

function Row({ name, text, taken }: { name: string; text: string | null; taken: string[] }) {
  const { t } = useTranslation('pipelines')
  const { snapshot, change, readOnly } = useEditor()
  const [draft, setDraft] = useState<string | null>(null)
  const path = (base: readonly (string | number)[]) => [...base, 'variables', name]
  const value = useDraft(text, next =>
    change((doc, view) =>
      doc.set(path(view.base), fromForm('text', { as: 'text', text: next ?? '' }, doc.value(path(view.base)))),
    ),
  )
  const leave = () => {
    const wanted = draft?.trim() ?? name
    if (wanted !== '' && wanted !== name && !taken.includes(wanted))
      change((doc, view) => doc.rename([...view.base, 'variables'], name, wanted))
    setDraft(null)
  }
  return (
    <div className="row pair">
      <Input
        className="mono"
        aria-label={t('editor.variableName')}
        disabled={readOnly}
        value={draft ?? name}
        spellCheck={false}
        onChange={event => setDraft(event.target.value)}
        onBlur={leave}
        onPressEnter={leave}
      />
      {text === null ? (
        <code className="grow truncate muted">
          {sourceAt(snapshot.view.tree, path(snapshot.view.base)).replaceAll('\n', ' ')}
        </code>
      ) : (
        <Input.TextArea
          className="mono"
          autoSize={{ minRows: 1, maxRows: 8 }}
          aria-label={t('editor.valueOf', { name })}
          disabled={readOnly}
          value={value.value}
          spellCheck={false}
          onChange={event => value.onChange(event.target.value)}
          onBlur={() => value.onBlur()}
        />
      )}
      <Button
        type="text"
        icon={<CloseOutlined />}
        aria-label={t('editor.removeNamed', { name })}
        disabled={readOnly}
        onClick={() => change((doc, view) => removeAndPrune(doc, path(view.base)))}
      />
    </div>
  )
}
