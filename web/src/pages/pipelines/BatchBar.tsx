import App from 'antd/es/app'
import Button from 'antd/es/button'
import Checkbox from 'antd/es/checkbox'
import { useTranslation } from 'react-i18next'
import { getText } from '../../api/client'
import { batchPipelines } from '../../api/commands'
import { hrefs } from '../../api/hrefs'
import { keys } from '../../api/queries'
import type { BatchRequest, PipelineSummary } from '../../api/types'
import { useCommand } from '../../components/useCommand'
import { bundle, save } from '../../lib/files'
import { whyNot } from '../../lib/may'
import { ActionButton } from '../../ui/ActionButton'
import { ConfirmButton } from '../../ui/ConfirmButton'
import { BatchResults } from './BatchResults'

interface Props {
  all: PipelineSummary[]
  chosen: PipelineSummary[]
  onPick: (ids: ReadonlySet<string>) => void
}

/** What can be done to several pipelines at once. */
export function BatchBar({ all, chosen, onPick }: Props) {
  const { t } = useTranslation('pipelines')
  const { modal, message } = App.useApp()
  const batch = useCommand((body: BatchRequest) => batchPipelines(body), {
    changes: [keys.pipelines, keys.runs],
    onSuccess: ({ items }) => {
      const failed = items.filter(item => item.problem !== null)
      if (failed.length === 0) void message.success(t('batch.done', { count: items.length }))
      else
        modal.info({
          title: t('batch.partly', { count: failed.length }),
          icon: null,
          width: 560,
          content: <BatchResults items={items} />,
        })
      onPick(new Set())
    },
  })
  const download = useCommand(
    async (items: PipelineSummary[]) => {
      const texts = await Promise.all(
        items.map(async item => ({ name: item.name, text: await getText(hrefs.pipelineExport(item.id)) })),
      )
      const [only] = texts
      if (texts.length === 1 && only) save(`${only.name}.yml`, only.text)
      else save('pipelines.yml', bundle(texts))
    },
    { onSuccess: () => onPick(new Set()) },
  )
  const act = (action: BatchRequest['action']) => batch.mutateAsync({ action, pipelines: chosen.map(item => item.id) })
  /** Possible when it is for one of them; the server says of each other why it was not. */
  const refused = (action: string) => {
    const reasons = chosen.map(item => whyNot(item, action))
    return reasons.some(reason => reason === null) ? null : (reasons[0] ?? null)
  }
  const names = chosen.map(item => item.name).join(', ')
  return (
    <div className="batch-bar" data-active={chosen.length > 0}>
      <Checkbox
        checked={chosen.length > 0 && chosen.length === all.length}
        indeterminate={chosen.length > 0 && chosen.length < all.length}
        onChange={event => onPick(new Set(event.target.checked ? all.map(item => item.id) : []))}
      >
        {chosen.length > 0 ? t('batch.chosen', { count: chosen.length }) : t('batch.all')}
      </Checkbox>
      {chosen.length > 0 && (
        <span className="row wrap">
          <ConfirmButton
            size="small"
            refused={refused('run')}
            question={t('batch.runQuestion', { count: chosen.length })}
            consequence={names}
            yes={t('batch.run')}
            onConfirm={() => act('run')}
          >
            {t('batch.run')}
          </ConfirmButton>
          <ActionButton size="small" refused={refused('enable')} onClick={() => void act('enable')}>
            {t('batch.enable')}
          </ActionButton>
          <ActionButton size="small" refused={refused('enable')} onClick={() => void act('disable')}>
            {t('batch.disable')}
          </ActionButton>
          <Button size="small" loading={download.isPending} onClick={() => download.mutate(chosen)}>
            {t('batch.export')}
          </Button>
          <ConfirmButton
            size="small"
            danger
            refused={refused('delete')}
            question={t('batch.deleteQuestion', { count: chosen.length })}
            consequence={
              <>
                <p>{names}</p>
                <p className="muted">{t('act.deleteHelp')}</p>
              </>
            }
            yes={t('batch.delete')}
            onConfirm={() => act('delete')}
          >
            {t('batch.delete')}
          </ConfirmButton>
        </span>
      )}
    </div>
  )
}
