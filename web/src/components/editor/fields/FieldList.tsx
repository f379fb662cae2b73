import DownOutlined from '@ant-design/icons/es/icons/DownOutlined'
import Button from 'antd/es/button'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { isShown, type Param } from '../../../lib/pipeline-doc/catalogue'
import type { Field } from '../../../lib/pipeline-doc/field'
import type { Tree } from '../../../lib/pipeline-doc/tree'
import { scalarOf } from '../../../lib/pipeline-doc/value'
import { useEditor } from '../context'
import { FieldRow } from './FieldRow'

interface Props {
  params: readonly Param[]
  field: (tree: Tree, param: Param) => Field
  /** Fields up to this priority, and all that are given, are shown at once. */
  important?: number
}

/** Fields by their weight: what matters first, the rest below "more". */
export function FieldList({ params, field, important = 3 }: Props) {
  const { t } = useTranslation('pipelines')
  const { snapshot } = useEditor()
  const [more, setMore] = useState(false)
  const { tree } = snapshot.view
  const of = (param: Param) => field(tree, param)
  const given = (param: Param) => scalarOf(of(param).found?.value)
  const shown = params.filter(param => isShown(param, params, given) || of(param).found)
  const sorted = shown
    .map((param, index) => ({ param, index }))
    .sort((a, b) => a.param.priority - b.param.priority || a.index - b.index)
  // What is given keeps its place when it is emptied, as long as the list is open.
  const first = sorted.filter(({ param }) => param.required || param.priority <= important || of(param).found)
  const rest = sorted.filter(one => !first.includes(one))
  const visible = more ? sorted : first
  return (
    <>
      {visible.map(({ param }) => (
        <FieldRow key={param.key} get={tree => field(tree, param)} />
      ))}
      {rest.length > 0 && (
        <Button
          type="link"
          size="small"
          className="self-start"
          icon={<DownOutlined rotate={more ? 180 : 0} />}
          iconPlacement="end"
          aria-expanded={more}
          onClick={() => setMore(!more)}
        >
          {more ? t('editor.less') : t('editor.more', { count: rest.length })}
        </Button>
      )}
    </>
  )
}
