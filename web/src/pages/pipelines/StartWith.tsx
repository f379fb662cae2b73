import FileTextOutlined from '@ant-design/icons/es/icons/FileTextOutlined'
import App from 'antd/es/app'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { TEMPLATES, templateText } from '../../components/editor/templates'
import { readText } from '../../lib/files'

/** What a new pipeline begins as. */
export function StartWith({ onText }: { onText: (text: string) => void }) {
  const { t } = useTranslation('pipelines')
  const { message } = App.useApp()
  const [over, setOver] = useState(false)
  const take = async (file: File | undefined) => {
    if (!file) return
    const text = await readText(file)
    if (text === null) void message.error(t('create.unreadable'))
    else onText(text)
  }
  return (
    <section aria-label={t('create.choose')} className="stack">
      <p className="muted">{t('create.chooseHelp')}</p>
      <div className="start-grid">
        {TEMPLATES.map(key => (
          <button key={key} type="button" className="start-card" onClick={() => onText(templateText[key])}>
            <b>{t(`create.template.${key}.title`)}</b>
            <span className="muted small">{t(`create.template.${key}.help`)}</span>
            <pre aria-hidden="true">{templateText[key].split('\n').slice(0, 7).join('\n')}</pre>
          </button>
        ))}
        <label
          className={`start-card file${over ? ' over' : ''}`}
          onDragOver={event => {
            event.preventDefault()
            setOver(true)
          }}
          onDragLeave={() => setOver(false)}
          onDrop={event => {
            event.preventDefault()
            setOver(false)
            void take(event.dataTransfer.files[0])
          }}
        >
          <b>
            <FileTextOutlined aria-hidden /> {t('create.fromFile')}
          </b>
          <span className="muted small">{t('create.fromFileHelp')}</span>
          <input
            type="file"
            className="visually-hidden"
            accept=".yml,.yaml,.json,text/plain"
            onChange={event => void take(event.target.files?.[0])}
          />
        </label>
      </div>
    </section>
  )
}
