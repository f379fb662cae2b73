import App from 'antd/es/app'
import Button from 'antd/es/button'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { leavePlace } from '../../../lib/pipeline-doc/place'
import { useEditor } from '../context'
import type { ControlProps } from './FieldRow'
import { SuggestField } from './SuggestField'
import { usePlace } from './usePlace'

/** A cluster by its name. With another one goes what belonged to the first: namespace, names. */
export function ClusterField(props: ControlProps) {
  const { t } = useTranslation('kube')
  const { message } = App.useApp()
  const { model, catalogue, chosen, change } = useEditor()
  const { clusters, word } = usePlace()
  const before = useRef<string>(undefined)
  const leave = (now: string) => {
    const old = before.current
    before.current = now || undefined
    if (old === undefined || now === '' || now === old || chosen === null) return
    let left: string[] = []
    change((draft, view) => {
      left = leavePlace(draft, view, catalogue, chosen)
    }, true)
    if (left.length === 0) return
    const key = `place-${chosen}`
    const undo = () => {
      model.undo()
      message.destroy(key)
    }
    void message.info({
      key,
      duration: 8,
      content: (
        <>
          {t('field.reset', { count: left.length, names: left.join(', ') })}{' '}
          <Button size="small" type="link" onClick={undo}>
            {t('field.undo')}
          </Button>
        </>
      ),
    })
  }
  return (
    <SuggestField
      {...props}
      options={clusters.map(one => ({ value: one.name, about: one.server }))}
      none={t('field.noClusters')}
      onEnter={() => {
        before.current = word
      }}
      onLeave={leave}
    />
  )
}
