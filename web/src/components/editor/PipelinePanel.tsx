import PlusOutlined from '@ant-design/icons/es/icons/PlusOutlined'
import Button from 'antd/es/button'
import { useTranslation } from 'react-i18next'
import type { Param } from '../../lib/pipeline-doc/catalogue'
import { fieldIn, removeAndPrune } from '../../lib/pipeline-doc/field'
import { afterIn } from '../../lib/pipeline-doc/order'
import { SETTINGS } from '../../lib/pipeline-doc/settings'
import { at, keysAt, type Tree } from '../../lib/pipeline-doc/tree'
import { viewOf } from '../../lib/pipeline-doc/view'
import { useEditor } from './context'
import { Findings } from './Findings'
import { FieldList } from './fields/FieldList'
import { Stages } from './Stages'
import { Variables } from './Variables'

/** The settings of the pipeline itself. */
export function PipelinePanel() {
  const { t } = useTranslation('pipelines')
  const { snapshot } = useEditor()
  const { steps, base } = snapshot.view
  const first = Math.min(...steps.map(step => step.from), Number.POSITIVE_INFINITY)
  const others = snapshot.broken
    ? []
    : snapshot.diagnostics.filter(one => one.from < first || !steps.some(step => one.from <= step.to))
  const path = (tree: Tree) => (tree === snapshot.view.tree ? base : viewOf(tree).base)
  return (
    <section className="panel" aria-label={t('editor.pipelineItself')}>
      <Findings items={others} />
      <FieldList
        params={SETTINGS.pipeline.filter(param => param.key !== 'triggers')}
        important={1}
        field={(tree: Tree, param: Param) => fieldIn(tree, path(tree), param)}
      />
      <h2>{t('editor.variables')}</h2>
      <p className="field-help">{t('editor.variablesHelp', { open: '{{', close: '}}' })}</p>
      <Variables />
      <h2>{t('setting.pipeline.triggers.title')}</h2>
      <FieldList
        params={SETTINGS.pipeline.filter(param => param.key === 'triggers')}
        important={9}
        field={(tree: Tree, param: Param) => fieldIn(tree, path(tree), param)}
      />
      <Stages />
      <Groups />
    </section>
  )
}

/** How the parallel groups end that steps belong to or that are described. */
function Groups() {
  const { t } = useTranslation('pipelines')
  const { snapshot, change, readOnly } = useEditor()
  const { view } = snapshot
  const path = [...view.base, 'parallel_groups']
  const described = keysAt(view.tree, path)
  const names = [...new Set([...described, ...view.steps.flatMap(step => (step.group ? [step.group] : []))])]
  if (names.length === 0) return null
  return (
    <>
      <h2>{t('editor.groups')}</h2>
      {names.map(name => (
        <div key={name} className="nested">
          <div className="row between">
            <b>{name}</b>
            {at(view.tree, [...path, name]) && !readOnly && (
              <Button
                size="small"
                type="text"
                onClick={() =>
                  change(draft => removeAndPrune(draft, [...viewOf(draft.tree).base, 'parallel_groups', name]))
                }
              >
                {t('editor.leaveOut')}
              </Button>
            )}
          </div>
          {described.includes(name) ? (
            <FieldList
              params={SETTINGS.group}
              important={9}
              field={(tree: Tree, param: Param) =>
                fieldIn(tree, [...viewOf(tree).base, 'parallel_groups', name], param)
              }
            />
          ) : (
            <Button
              size="small"
              type="dashed"
              icon={<PlusOutlined />}
              disabled={readOnly}
              onClick={() =>
                change(draft => {
                  const target = [...viewOf(draft.tree).base, 'parallel_groups', name]
                  draft.set(target, new Map([['policy', 'wait_all']]), afterIn(draft.tree, target))
                })
              }
            >
              {t('editor.describeGroup')}
            </Button>
          )}
        </div>
      ))}
    </>
  )
}
