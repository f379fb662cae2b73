import CloseOutlined from '@ant-design/icons/es/icons/CloseOutlined'
import Button from 'antd/es/button'
import Tooltip from 'antd/es/tooltip'
import { type ReactNode, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Field, setField } from '../../../lib/pipeline-doc/field'
import type { FormValue } from '../../../lib/pipeline-doc/form'
import type { Tree } from '../../../lib/pipeline-doc/tree'
import { Ticks } from '../../../ui/Ticks'
import { useEditor } from '../context'
import { Findings } from '../Findings'
import { useAbout } from '../useAbout'
import { ChoiceField } from './ChoiceField'
import { ClusterField } from './ClusterField'
import { EndpointsField } from './EndpointsField'
import { ListField } from './ListField'
import { NestedField } from './NestedField'
import { PairsField } from './PairsField'
import { KindField, NamespaceField, ObjectField, PodField } from './PlaceFields'
import { RegistryField } from './RegistryField'
import { TextField } from './TextField'
import { TreeField } from './TreeField'
import { WordsField } from './WordsField'

/** Where a field is, looked up anew in each text. */
export type GetField = (tree: Tree) => Field

export interface ControlProps {
  field: Field
  get: GetField
  /** Of the input, for its label. */
  id: string
  labelledBy: string
  describedBy: string
  disabled: boolean
  /** A number, Boolean or choice is written as an expression. */
  expression: boolean
  set: (form: FormValue | null, quiet?: boolean) => boolean
}

const SWITCHED = new Set(['choice', 'boolean'])

/** One parameter or setting: its name, its control, what it means and what is wrong with it. */
export function FieldRow({ get, control }: { get: GetField; control?: (props: ControlProps) => ReactNode }) {
  const { snapshot, change, readOnly } = useEditor()
  const { t } = useTranslation('pipelines')
  const field = get(snapshot.view.tree)
  const { param, found, form } = field
  const about = useAbout()(param)
  const id = useId()
  const open = form?.as === 'text' && form.text.includes('{{')
  const [wanted, setWanted] = useState(false)
  const expression = SWITCHED.has(param.kind) && (wanted || open)
  const set = (next: FormValue | null, quiet = false) => change(draft => setField(draft, get(draft.tree), next), quiet)
  const props: ControlProps = {
    field,
    get,
    id,
    labelledBy: `${id}-label`,
    describedBy: `${id}-help`,
    disabled: readOnly || form?.as === 'odd',
    expression,
    set,
  }
  const nested = param.kind === 'object' || param.kind === 'objects'
  const end = found ? (nested ? found.from + found.key.length : found.to) : -1
  const problems =
    found && !snapshot.broken ? snapshot.diagnostics.filter(one => one.from >= found.from && one.from <= end) : []
  const missing = param.required && !found && !param.inherits
  return (
    <div className={`field${problems.length > 0 ? ' wrong' : ''}`} data-field={param.key}>
      <div className="field-head">
        <label id={`${id}-label`} htmlFor={id}>
          {about.title || param.key}
          {missing && <span className="required"> {t('editor.required')}</span>}
        </label>
        <code>{found?.key ?? param.key}</code>
        {found?.shared && <span className="tag tone-quiet">{t(`editor.shared.${found.shared}`)}</span>}
        <span className="grow" />
        {SWITCHED.has(param.kind) && param.templated && (
          <Tooltip title={expression ? t('editor.asValue') : t('editor.asExpression')}>
            <Button
              size="small"
              type={expression ? 'default' : 'text'}
              className="mono"
              aria-pressed={expression}
              aria-label={t('editor.expressionFor', { name: about.title })}
              disabled={readOnly || open}
              onClick={() => setWanted(!wanted)}
            >
              {'{{ }}'}
            </Button>
          </Tooltip>
        )}
        {found && !readOnly && !param.required && (
          <Tooltip title={t('editor.leaveOut')}>
            <Button
              size="small"
              type="text"
              icon={<CloseOutlined />}
              aria-label={t('editor.leaveOutNamed', { name: about.title })}
              onClick={() => set(null)}
            />
          </Tooltip>
        )}
      </div>
      {form?.as === 'odd' ? <p className="field-odd">{t('editor.odd')}</p> : (control ?? pick)(props)}
      <div className="field-help" id={`${id}-help`}>
        <Ticks text={about.help} />
        {param.min !== null && param.max !== null && ` ${t('editor.range', { min: param.min, max: param.max })}`}
      </div>
      <Findings items={problems} />
    </div>
  )
}

function pick(props: ControlProps): ReactNode {
  switch (props.field.param.kind) {
    case 'choice':
    case 'boolean':
      return props.expression ? <TextField {...props} /> : <ChoiceField {...props} />
    case 'text_list':
      return <ListField {...props} />
    case 'words':
      return props.field.form?.as === 'list' ? <WordsField {...props} /> : <TextField {...props} />
    case 'text_map':
      return <PairsField {...props} />
    case 'reference':
      return props.field.param.key === 'registry' ? (
        <RegistryField {...props} />
      ) : props.field.param.key === 'cluster' ? (
        <ClusterField {...props} />
      ) : (
        <TextField {...props} />
      )
    case 'kind_word':
      return <KindField {...props} />
    case 'name':
      return <NameField {...props} />
    case 'ports':
    case 'volumes':
      return <EndpointsField {...props} />
    case 'yaml':
    case 'manifests':
      return <TreeField {...props} />
    case 'object':
    case 'objects':
      return <NestedField {...props} />
    default:
      return <TextField {...props} />
  }
}

/** Names of things in a cluster are offered; others are only typed. */
function NameField(props: ControlProps) {
  const { key } = props.field.param
  if (key === 'namespace') return <NamespaceField {...props} />
  if (key === 'resource_name') return <ObjectField {...props} />
  if (key === 'pod') return <PodField {...props} />
  return <TextField {...props} />
}
