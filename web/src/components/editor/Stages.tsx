import ArrowDownOutlined from '@ant-design/icons/es/icons/ArrowDownOutlined'
import ArrowUpOutlined from '@ant-design/icons/es/icons/ArrowUpOutlined'
import CloseOutlined from '@ant-design/icons/es/icons/CloseOutlined'
import PlusOutlined from '@ant-design/icons/es/icons/PlusOutlined'
import Button from 'antd/es/button'
import { useTranslation } from 'react-i18next'
import { ConfirmButton } from '../../ui/ConfirmButton'
import { useEditor } from './context'
import { NameInput } from './NameInput'

/** The stages in their order. Their steps are moved in the outline. */
export function Stages() {
  const { t } = useTranslation('pipelines')
  const { snapshot, change, readOnly } = useEditor()
  const stages = snapshot.view.lists.flatMap(list => (list.stage ? [{ ...list.stage, steps: list.steps.length }] : []))
  if (stages.length === 0) return null
  const move = (index: number, to: number) => change((draft, view) => draft.move([...view.base, 'stages'], index, to))
  return (
    <>
      <h2>{t('editor.stages')}</h2>
      <div className="stack tight">
        {stages.map((stage, index) => (
          <div key={stage.path.join('.')} className="row stage-row">
            <span className="grow">
              <NameInput
                id={`stage-${stage.path.join('-')}`}
                label={t('editor.stageName', { number: index + 1 })}
                name={stage.name}
                taken={stages.filter(one => one !== stage).map(one => one.name)}
                disabled={readOnly}
                onRename={name => change(draft => draft.set([...stage.path, 'name'], name, null))}
              />
            </span>
            <span className="muted small nowrap">{t('editor.stepCount', { count: stage.steps })}</span>
            {!readOnly && (
              <span className="row stage-acts">
                <Button
                  type="text"
                  size="small"
                  icon={<ArrowUpOutlined />}
                  aria-label={t('editor.moveNamedUp', { name: stage.name })}
                  disabled={index === 0}
                  onClick={() => move(index, index - 1)}
                />
                <Button
                  type="text"
                  size="small"
                  icon={<ArrowDownOutlined />}
                  aria-label={t('editor.moveNamedDown', { name: stage.name })}
                  disabled={index === stages.length - 1}
                  onClick={() => move(index, index + 1)}
                />
                <RemoveStage
                  name={stage.name}
                  steps={stage.steps}
                  last={stages.length === 1}
                  onRemove={() => change(draft => draft.remove(stage.path))}
                />
              </span>
            )}
          </div>
        ))}
        {!readOnly && (
          <Button
            size="small"
            type="dashed"
            className="self-start"
            icon={<PlusOutlined />}
            onClick={() =>
              change((draft, view) =>
                draft.insert(
                  [...view.base, 'stages'],
                  stages.length,
                  new Map<string, string | never[]>([
                    ['name', t('editor.newStage', { number: stages.length + 1 })],
                    ['steps', []],
                  ]),
                ),
              )
            }
          >
            {t('editor.addStage')}
          </Button>
        )}
      </div>
    </>
  )
}

interface RemoveProps {
  name: string
  steps: number
  /** A pipeline has at least one. */
  last: boolean
  onRemove: () => unknown
}

function RemoveStage({ name, steps, last, onRemove }: RemoveProps) {
  const { t } = useTranslation('pipelines')
  const common = {
    type: 'text',
    size: 'small',
    icon: <CloseOutlined />,
    'aria-label': t('editor.removeNamed', { name }),
    disabled: last,
  } as const
  if (steps === 0) return <Button {...common} onClick={onRemove} />
  return (
    <ConfirmButton
      {...common}
      question={t('editor.removeStage', { name })}
      consequence={t('editor.removeStageHelp', { count: steps })}
      yes={t('editor.remove')}
      onConfirm={onRemove}
    />
  )
}
