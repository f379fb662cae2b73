import { useTranslation } from 'react-i18next'
import type { StepView } from '../../api/types'
import { EmptyState } from '../../ui/EmptyState'
import { Values } from '../../ui/Values'
import { StepImage } from './StepImage'

export function StepOutputs({ step }: { step: StepView }) {
  const { t } = useTranslation('runs')
  if (Object.keys(step.outputs).length + step.masked_outputs.length === 0)
    return <EmptyState title={t('step.noOutputs')}>{t('step.noOutputsHelp')}</EmptyState>
  return (
    <div className="tab-body stack">
      <StepImage step={step} />
      <Values values={step.outputs} masked={step.masked_outputs} />
    </div>
  )
}
