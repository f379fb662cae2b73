import Select from 'antd/es/select'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { type Param, stepKind } from '../../lib/pipeline-doc/catalogue'
import { fieldIn, fieldOnStep } from '../../lib/pipeline-doc/field'
import { SETTINGS } from '../../lib/pipeline-doc/settings'
import { renameStep } from '../../lib/pipeline-doc/steps'
import type { Tree } from '../../lib/pipeline-doc/tree'
import type { StepView } from '../../lib/pipeline-doc/view'
import { viewOf } from '../../lib/pipeline-doc/view'
import { Ticks } from '../../ui/Ticks'
import { useEditor, useWords } from './context'
import { Findings } from './Findings'
import { FieldList } from './fields/FieldList'
import { NameInput } from './NameInput'
import { Rules } from './Rules'

/** Everything about one step. */
export function StepPanel({ step }: { step: StepView }) {
  const { t } = useTranslation('pipelines')
  const { snapshot, catalogue, change, readOnly } = useEditor()
  const words = useWords()
  const id = useId()
  const kind = stepKind(catalogue, step.type)
  const { tree } = snapshot.view
  const here = (text: Tree) => (text === tree ? step : (viewOf(text).steps[step.index] ?? step))
  const rename = (name: string) =>
    change((draft, view) => renameStep(draft, view, view.steps[step.index] as StepView, name))
  const retype = (type: string) => change(draft => draft.set([...here(draft.tree).path, 'type'], type, 'name'))
  const params = kind?.parameters ?? []
  const claimed = [
    ...params.map(param => fieldOnStep(tree, step.path, kind as never, param)),
    ...SETTINGS.step.map(param => fieldIn(tree, step.path, param)),
  ].flatMap(({ found }) => (found ? [found] : []))
  const others = snapshot.broken
    ? []
    : snapshot.diagnostics
        .filter(one => one.from >= step.from && one.from <= step.to)
        .filter(one => !claimed.some(found => one.from >= found.from && one.from <= found.to))
  const options = catalogue.map(one => ({ value: one.type, label: words(one.title), title: words(one.summary) }))
  return (
    <section className="panel" aria-label={t('editor.stepNamed', { name: step.name })}>
      <Findings items={others} />
      <div className="panel-head">
        <div className="field">
          <label htmlFor={`${id}-name`}>{t('editor.stepName')}</label>
          <NameInput
            key={step.path.join('.')}
            id={`${id}-name`}
            name={step.name}
            taken={snapshot.view.steps.filter(one => one !== step).map(one => one.name)}
            disabled={readOnly}
            onRename={rename}
          />
        </div>
        <div className="field">
          <label htmlFor={`${id}-type`}>{t('editor.stepType')}</label>
          <Select
            id={`${id}-type`}
            className="wide"
            showSearch={{ optionFilterProp: 'label' }}
            disabled={readOnly}
            value={kind?.type ?? (step.type || null)}
            placeholder={t('editor.chooseType')}
            options={options}
            optionRender={option => (
              <span className="row between">
                {option.label}
                <code className="muted">{option.value}</code>
              </span>
            )}
            onChange={(type: string) => void retype(type)}
          />
        </div>
      </div>
      {kind && (
        <p className="muted small">
          <Ticks text={words(kind.summary)} />
          {!kind.available && ` · ${kind.unavailable ?? t('editor.notYet')}`}
        </p>
      )}
      {!kind && step.type !== '' && (
        <p className="field-problem warning">{t('editor.unknownType', { type: step.type })}</p>
      )}
      {kind && params.length > 0 && (
        <>
          <h2>{t('editor.parameters')}</h2>
          <FieldList
            key={`p${kind.type}`}
            params={params}
            field={(text: Tree, param: Param) => fieldOnStep(text, here(text).path, kind, param)}
          />
          <Rules kind={kind} />
        </>
      )}
      <h2>{t('editor.flow')}</h2>
      <FieldList
        key="s"
        params={SETTINGS.step}
        important={1}
        field={(text: Tree, param: Param) => fieldIn(text, here(text).path, param)}
      />
    </section>
  )
}
