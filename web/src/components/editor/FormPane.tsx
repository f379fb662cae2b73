import Button from 'antd/es/button'
import { useDeferredValue, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useNarrow } from '../../ui/useNarrow'
import { useEditor } from './context'
import { PipelinePanel } from './PipelinePanel'
import { StepOutline } from './StepOutline'
import { StepPanel } from './StepPanel'

/** The form over the text. */
export function FormPane({ onShowText }: { onShowText: () => void }) {
  const { t } = useTranslation('pipelines')
  const { snapshot, chosen } = useEditor()
  const index = useDeferredValue(chosen)
  const step = index === null ? null : snapshot.view.steps[index]
  const fields = useRef<HTMLDivElement>(null)
  const narrow = useNarrow()
  const shown = useRef(index)
  // Where the fields stand below the steps, they are brought into sight when another step is chosen.
  useEffect(() => {
    if (narrow && shown.current !== index) fields.current?.scrollIntoView()
    shown.current = index
  }, [narrow, index])
  return (
    <div className="form-pane" data-pane="form">
      {snapshot.broken && (
        <div className="broken" role="status">
          <span className="grow">{t('editor.broken')}</span>
          <Button size="small" onClick={onShowText}>
            {t('editor.showText')}
          </Button>
        </div>
      )}
      <div className="form-grid">
        <StepOutline />
        <div ref={fields} className="form-scroll">
          {step ? <StepPanel key={step.index} step={step} /> : <PipelinePanel />}
        </div>
      </div>
    </div>
  )
}
