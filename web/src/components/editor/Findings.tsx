import Button from 'antd/es/button'
import { useTranslation } from 'react-i18next'
import { misspelt } from '../../lib/pipeline-doc/misspelt'
import { Ticks } from '../../ui/Ticks'
import { useEditor } from './context'
import type { Located } from './model'

/** What the server says of a field or a step; a misspelt key is mended with one press. */
export function Findings({ items }: { items: readonly Located[] }) {
  const { t } = useTranslation('pipelines')
  const { snapshot, change, readOnly } = useEditor()
  if (items.length === 0) return null
  return (
    <ul className="plain-list">
      {items.map(one => {
        const wrong = readOnly ? null : misspelt(snapshot.view.tree, one)
        return (
          <li key={`${one.line}:${one.column}:${one.code}:${one.message}`} className={`field-problem ${one.severity}`}>
            <Ticks text={one.message} />
            {one.help && (
              <span className="muted">
                {' '}
                — <Ticks text={one.help} />
              </span>
            )}
            {wrong && (
              <>
                {' '}
                <Button size="small" onClick={() => change(draft => draft.rename(wrong.path, wrong.key, wrong.meant))}>
                  {t('editor.writeInstead', { word: wrong.meant })}
                </Button>
              </>
            )}
          </li>
        )
      })}
    </ul>
  )
}
