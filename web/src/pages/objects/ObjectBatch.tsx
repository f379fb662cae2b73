import { useQueryClient } from '@tanstack/react-query'
import App from 'antd/es/app'
import Checkbox from 'antd/es/checkbox'
import { useTranslation } from 'react-i18next'
import { ApiProblem } from '../../api/client'
import { kubeKeys, type ObjectPlace, removeObject, restartObject } from '../../api/kube'
import { RESTARTED, slugOf } from '../../lib/kube'
import type { KindView, ObjectRow } from '../../lib/kubeApi'
import { queue } from '../../lib/queue'
import { ConfirmButton } from '../../ui/ConfirmButton'

interface Props {
  cluster: string
  kind: KindView
  all: readonly ObjectRow[]
  chosen: readonly ObjectRow[]
  onPick: (picked: ReadonlySet<string>) => void
}

const inTurn = queue(4)

/** What can be done to several objects at once; each is asked for by itself, and what is refused is told. */
export function ObjectBatch({ cluster, kind, all, chosen, onPick }: Props) {
  const { t } = useTranslation('kube')
  const { message } = App.useApp()
  const client = useQueryClient()
  const names = chosen.map(row => row.name).join(', ')
  const act = async (command: (place: ObjectPlace) => Promise<unknown>, done: string) => {
    const told = await Promise.all(
      chosen.map(row =>
        inTurn(() => command({ cluster, kind, namespace: row.namespace, name: row.name })).then(
          () => null,
          (error: unknown) => (error instanceof ApiProblem ? error.message : String(error)),
        ),
      ),
    )
    const refused = told.filter(one => one !== null)
    if (refused.length === 0) void message.success(done)
    else void message.error(t('do.failed', { count: refused.length, why: refused[0] ?? '' }), 8)
    onPick(new Set())
    void client.invalidateQueries({ queryKey: kubeKeys.objects(cluster) })
  }
  return (
    <>
      <Checkbox
        checked={chosen.length > 0 && chosen.length === all.length}
        indeterminate={chosen.length > 0 && chosen.length < all.length}
        disabled={all.length === 0}
        aria-label={t('list.chooseAll')}
        onChange={event => onPick(new Set(event.target.checked ? all.map(row => row.uid) : []))}
      >
        {chosen.length > 0 ? t('list.chosen', { count: chosen.length }) : t('list.count', { count: all.length })}
      </Checkbox>
      {chosen.length > 0 && (
        <>
          {RESTARTED.has(slugOf(kind)) && (
            <ConfirmButton
              size="small"
              question={t('do.restartMany', { count: chosen.length })}
              consequence={names}
              yes={t('do.restart')}
              onConfirm={() => act(restartObject, t('do.restarted'))}
            >
              {t('do.restart')}
            </ConfirmButton>
          )}
          <ConfirmButton
            size="small"
            danger
            question={t('do.removeMany', { count: chosen.length })}
            consequence={
              <>
                <p>{names}</p>
                <p className="muted">{t('do.removeHelp')}</p>
              </>
            }
            yes={t('do.remove')}
            onConfirm={() => act(removeObject, t('do.removed'))}
          >
            {t('do.remove')}
          </ConfirmButton>
        </>
      )}
    </>
  )
}
