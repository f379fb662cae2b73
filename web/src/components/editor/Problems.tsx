import CloseCircleFilled from '@ant-design/icons/es/icons/CloseCircleFilled'
import WarningFilled from '@ant-design/icons/es/icons/WarningFilled'
import Button from 'antd/es/button'
import { useTranslation } from 'react-i18next'
import { Lines } from '../../lib/pipeline-doc/lines'
import { Ticks } from '../../ui/Ticks'
import { useEditor } from './context'
import type { Located } from './model'

/** What is wrong with the text, to jump to. */
export function Problems({ onJump }: { onJump: (problem: Located) => void }) {
  const { t } = useTranslation('pipelines')
  const { snapshot, model } = useEditor()
  const lines = new Lines(snapshot.text)
  const { diagnostics } = snapshot
  if (snapshot.unchecked) {
    return (
      <div className="problems row" role="status">
        <WarningFilled style={{ color: 'var(--hold-solid)' }} aria-hidden />
        <span className="grow">{t('editor.unchecked')}</span>
        <Button size="small" onClick={() => model.check()}>
          {t('editor.checkAgain')}
        </Button>
      </div>
    )
  }
  if (diagnostics.length === 0) return null
  return (
    <section className="problems" aria-label={t('editor.problemList')}>
      <ul className="plain-list">
        {diagnostics.map(one => (
          <li key={`${one.line}:${one.column}:${one.code}:${one.message}`}>
            <button type="button" className="problem" onClick={() => onJump(one)}>
              {one.severity === 'error' ? (
                <CloseCircleFilled style={{ color: 'var(--bad-solid)' }} aria-label={t('editor.error')} />
              ) : (
                <WarningFilled style={{ color: 'var(--hold-solid)' }} aria-label={t('editor.warning')} />
              )}
              <span className="num muted nowrap">
                {lines.at(one.from) + 1}:{lines.column(one.from) + 1}
              </span>
              <span className="grow">
                <Ticks text={one.message} />
                {one.help && (
                  <span className="muted">
                    {' '}
                    — <Ticks text={one.help} />
                  </span>
                )}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}
