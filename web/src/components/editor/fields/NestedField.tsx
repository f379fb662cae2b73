import DeleteOutlined from '@ant-design/icons/es/icons/DeleteOutlined'
import PlusOutlined from '@ant-design/icons/es/icons/PlusOutlined'
import Button from 'antd/es/button'
import { useTranslation } from 'react-i18next'
import { isShown, type Param } from '../../../lib/pipeline-doc/catalogue'
import { fieldIn } from '../../../lib/pipeline-doc/field'
import { scalarOf, type Value } from '../../../lib/pipeline-doc/value'
import { useEditor } from '../context'
import { type ControlProps, FieldRow, type GetField } from './FieldRow'

/** A map with fields of its own, or a list of such maps. */
export function NestedField(props: ControlProps) {
  return props.field.param.kind === 'object' ? <OneObject {...props} /> : <ManyObjects {...props} />
}

function OneObject({ field, get, labelledBy, disabled, set }: ControlProps) {
  const { t } = useTranslation('pipelines')
  if (!field.form) {
    return (
      <Button
        size="small"
        type="dashed"
        icon={<PlusOutlined />}
        disabled={disabled}
        onClick={() => set({ as: 'object' })}
      >
        {t('editor.set')}
      </Button>
    )
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be labelled from elsewhere
    <div role="group" aria-labelledby={labelledBy} className="nested">
      <Inner params={field.param.fields ?? []} at={tree => get(tree).path} />
    </div>
  )
}

function ManyObjects({ field, get, labelledBy, disabled }: ControlProps) {
  const { t } = useTranslation('pipelines')
  const { change } = useEditor()
  const count = field.form?.as === 'objects' ? field.form.count : 0
  const add = () => change(draft => draft.insert(get(draft.tree).path, count, first(field.param.fields ?? [])))
  const remove = (index: number) =>
    change(draft => {
      const { path } = get(draft.tree)
      draft.remove(count === 1 ? path : [...path, index])
    })
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be labelled from elsewhere
    <div role="group" aria-labelledby={labelledBy} className="stack tight">
      {Array.from({ length: count }, (_, index) => index).map(index => (
        <div key={index} className="nested with-remove">
          <Inner params={field.param.fields ?? []} at={tree => [...get(tree).path, index]} />
          <Button
            size="small"
            type="text"
            className="remove"
            icon={<DeleteOutlined />}
            aria-label={t('editor.removeNumber', { number: index + 1 })}
            disabled={disabled}
            onClick={() => remove(index)}
          />
        </div>
      ))}
      {!disabled && (
        <Button size="small" type="dashed" className="self-start" icon={<PlusOutlined />} onClick={add}>
          {t('editor.add')}
        </Button>
      )}
    </div>
  )
}

/** A new entry says what it must. */
function first(params: readonly Param[]): Value {
  const needed = params.filter(param => param.required && !param.show_when)
  const start = needed.length > 0 ? needed : params.slice(0, 1)
  return new Map(
    start.map(param => [param.key, param.kind === 'text_list' ? [] : (param.choices?.[0] ?? param.default ?? '')]),
  )
}

function Inner({
  params,
  at,
}: {
  params: readonly Param[]
  at: (tree: Parameters<GetField>[0]) => readonly (string | number)[]
}) {
  const { snapshot } = useEditor()
  const { tree } = snapshot.view
  const given = (param: Param) => scalarOf(fieldIn(tree, at(tree), param).found?.value)
  const shown = params.filter(param => isShown(param, params, given) || fieldIn(tree, at(tree), param).found)
  return shown.map(param => <FieldRow key={param.key} get={tree => fieldIn(tree, at(tree), param)} />)
}
