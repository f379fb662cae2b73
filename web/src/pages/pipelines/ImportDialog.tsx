import CloseOutlined from '@ant-design/icons/es/icons/CloseOutlined'
import InboxOutlined from '@ant-design/icons/es/icons/InboxOutlined'
import App from 'antd/es/app'
import Button from 'antd/es/button'
import Input from 'antd/es/input'
import Modal from 'antd/es/modal'
import Select from 'antd/es/select'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { importPipelines } from '../../api/commands'
import { keys } from '../../api/queries'
import type { BatchResult, ImportRequest } from '../../api/types'
import { useCommand } from '../../components/useCommand'
import { readText, unbundle } from '../../lib/files'
import { BatchResults } from './BatchResults'

interface Item {
  id: number
  source: string
  text: string
  /** The file's name, for a pipeline that has none of its own. */
  name: string | null
}

const CONFLICTS = ['fail', 'new_version', 'rename'] as const
let next = 0

/** Pipelines from files or from what was copied elsewhere. */
export function ImportDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useTranslation(['pipelines', 'common'])
  const { message } = App.useApp()
  const [items, setItems] = useState<Item[]>([])
  const [pasted, setPasted] = useState('')
  const [conflict, setConflict] = useState<ImportRequest['on_conflict']>('fail')
  const [results, setResults] = useState<BatchResult[] | null>(null)
  const [over, setOver] = useState(false)
  const all = [...items, ...(pasted.trim() === '' ? [] : itemsOf(pasted, t('import.pasted'), null))]
  const send = useCommand(
    () => importPipelines({ items: all.map(({ text, name }) => ({ text, name })), on_conflict: conflict }),
    { changes: [keys.pipelines], onSuccess: ({ items }) => setResults(items) },
  )
  const take = async (files: FileList | null) => {
    for (const file of files ?? []) {
      const text = await readText(file)
      if (text === null) void message.error(`${file.name}: ${t('create.unreadable')}`)
      else setItems(old => [...old, ...itemsOf(text, file.name, file.name.replace(/\.[^.]*$/, ''))])
    }
  }
  const reset = () => {
    setItems([])
    setPasted('')
    setResults(null)
  }
  return (
    <Modal
      open={open}
      title={t('import.title')}
      width={640}
      onCancel={onClose}
      afterClose={reset}
      footer={
        results
          ? [
              <Button key="more" onClick={reset}>
                {t('import.more')}
              </Button>,
              <Button key="close" type="primary" onClick={onClose}>
                {t('common:action.close')}
              </Button>,
            ]
          : [
              <Button key="cancel" onClick={onClose}>
                {t('common:action.cancel')}
              </Button>,
              <Button
                key="send"
                type="primary"
                disabled={all.length === 0}
                loading={send.isPending}
                onClick={() => send.mutate(undefined)}
              >
                {t('import.send', { count: all.length })}
              </Button>,
            ]
      }
    >
      {results ? (
        <BatchResults items={results} />
      ) : (
        <div className="stack">
          <label
            className={`start-card file drop${over ? ' over' : ''}`}
            onDragOver={event => {
              event.preventDefault()
              setOver(true)
            }}
            onDragLeave={() => setOver(false)}
            onDrop={event => {
              event.preventDefault()
              setOver(false)
              void take(event.dataTransfer.files)
            }}
          >
            <InboxOutlined style={{ fontSize: 24, color: 'var(--muted)' }} aria-hidden />
            <span>{t('import.drop')}</span>
            <input
              type="file"
              multiple
              className="visually-hidden"
              accept=".yml,.yaml,.json,text/plain"
              onChange={event => {
                void take(event.target.files)
                event.target.value = ''
              }}
            />
          </label>
          {items.length > 0 && (
            <ul className="plain-list">
              {items.map(item => (
                <li key={item.id} className="row">
                  <span className="grow truncate">{item.source}</span>
                  <Button
                    type="text"
                    size="small"
                    icon={<CloseOutlined />}
                    aria-label={t('editor.removeNamed', { name: item.source })}
                    onClick={() => setItems(items.filter(one => one !== item))}
                  />
                </li>
              ))}
            </ul>
          )}
          <Input.TextArea
            className="mono"
            rows={6}
            aria-label={t('import.paste')}
            placeholder={t('import.paste')}
            value={pasted}
            spellCheck={false}
            onChange={event => setPasted(event.target.value)}
          />
          <div className="row wrap">
            <label htmlFor="import-conflict">{t('import.conflict')}</label>
            <Select
              id="import-conflict"
              value={conflict}
              onChange={setConflict}
              popupMatchSelectWidth={false}
              options={CONFLICTS.map(value => ({ value, label: t(`import.on.${value}`) }))}
            />
          </div>
        </div>
      )}
    </Modal>
  )
}

function itemsOf(text: string, source: string, name: string | null): Item[] {
  const parts = unbundle(text)
  return parts.map((part, index) => {
    next += 1
    return {
      id: next,
      text: part,
      name: parts.length > 1 ? null : name,
      source: parts.length > 1 ? `${source} (${index + 1})` : source,
    }
  })
}
