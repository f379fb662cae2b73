import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { removeHook } from '../../api/commands'
import { keys, triggers } from '../../api/queries'
import type { PipelineView, TriggersView } from '../../api/types'
import { Failure } from '../../components/Failure'
import { useCommand } from '../../components/useCommand'
import { whyNot } from '../../lib/may'
import { paths } from '../../lib/paths'
import { ConfirmButton } from '../../ui/ConfirmButton'
import { CopyButton } from '../../ui/CopyButton'
import { RowsSkeleton } from '../../ui/Skeletons'
import { Time } from '../../ui/Time'
import { HookDialog } from './HookDialog'

/** What starts the pipeline: times, and calls from forges. */
export function Triggers({ pipeline }: { pipeline: PipelineView }) {
  const { t } = useTranslation('pipelines')
  const query = useQuery({ ...triggers(pipeline.id), refetchInterval: 60_000 })
  return (
    <section className="card" aria-labelledby="triggers-title">
      <div className="card-head">
        <h2 id="triggers-title">{t('setting.pipeline.triggers.title')}</h2>
        <Link {...paths.triggers({ pipeline: pipeline.id })} className="small">
          {t('triggers.log')}
        </Link>
      </div>
      {query.data ? (
        <>
          <Schedules schedules={query.data.schedules} />
          <Hook pipeline={pipeline} view={query.data} />
        </>
      ) : query.isError ? (
        <Failure error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <RowsSkeleton rows={2} height={64} />
      )}
    </section>
  )
}

function Schedules({ schedules }: { schedules: TriggersView['schedules'] }) {
  const { t } = useTranslation('pipelines')
  if (schedules.length === 0) return null
  return (
    <ul className="plain-list">
      {schedules.map((one, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the same time may be given twice
        <li key={index} className="side-row">
          <span className="row between">
            <code>{one.cron}</code>
            <span className="muted small">{one.timezone}</span>
          </span>
          <span className="muted small">
            {one.next_at ? (
              <>
                {t('triggers.next')} <Time at={one.next_at} />
              </>
            ) : (
              t('triggers.noNext')
            )}
            {one.last_at && (
              <>
                {' · '}
                {t('triggers.last')}{' '}
                {one.last_run ? (
                  <Link {...paths.run(one.last_run)}>
                    <Time at={one.last_at} />
                  </Link>
                ) : (
                  <Time at={one.last_at} />
                )}
              </>
            )}
          </span>
        </li>
      ))}
    </ul>
  )
}

function Hook({ pipeline, view }: { pipeline: PipelineView; view: TriggersView }) {
  const { t } = useTranslation('pipelines')
  const refused = whyNot(pipeline, 'edit')
  const remove = useCommand(() => removeHook(pipeline.id), { changes: [keys.pipeline(pipeline.id)] })
  const { hook, webhooks } = view
  return (
    <div className="side-row stack tight">
      <span className="row between">
        <b>{t('triggers.webhook')}</b>
        {hook && (
          <span className="muted small">
            <Time at={hook.updated_at} />
          </span>
        )}
      </span>
      {webhooks.length === 0 ? (
        <p className="muted small">{t('triggers.noWebhook')}</p>
      ) : (
        webhooks.map((one, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two may be alike
          <p key={index} className="muted small">
            {t('triggers.on', { branches: one.branches.join(', ') || t('triggers.allBranches') })}
            {one.paths.length > 0 && ` · ${one.paths.join(', ')}`}
          </p>
        ))
      )}
      {hook && (
        <span className="row">
          <code className="truncate grow">{location.origin + hook.path}</code>
          <CopyButton text={location.origin + hook.path} label={t('triggers.copyAddress')} />
        </span>
      )}
      <span className="row wrap">
        <HookDialog pipeline={pipeline} exists={hook !== null} refused={refused} />
        {hook && (
          <ConfirmButton
            size="small"
            danger
            type="text"
            refused={refused}
            question={t('triggers.removeQuestion')}
            consequence={t('triggers.removeHelp')}
            yes={t('triggers.remove')}
            onConfirm={() => remove.mutateAsync(undefined)}
          >
            {t('triggers.remove')}
          </ConfirmButton>
        )}
      </span>
    </div>
  )
}
