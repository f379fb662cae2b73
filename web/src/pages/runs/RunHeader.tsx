import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { RunView } from '../../api/types'
import { Revision, StartedBy } from '../../components/runs/RunFacts'
import { paths } from '../../lib/paths'
import { ended } from '../../lib/status'
import { CopyButton } from '../../ui/CopyButton'
import { Duration } from '../../ui/Duration'
import { PageHeader } from '../../ui/PageHeader'
import { StatusTag } from '../../ui/StatusTag'
import { Time } from '../../ui/Time'
import { RunActions } from './RunActions'
import { RunText } from './RunText'

export function RunHeader({ run }: { run: RunView }) {
  const { t } = useTranslation(['runs', 'common'])
  return (
    <PageHeader
      name={`${t('name', { pipeline: run.pipeline.name, number: run.number })} · ${t(`common:status.${run.status}`)}`}
      crumbs={
        <>
          <Link {...paths.runs()}>{t('title')}</Link> /{' '}
          <Link {...paths.pipeline(run.pipeline.id)}>{run.pipeline.name}</Link>
        </>
      }
      title={
        <span className="row wrap">
          <span>
            {run.pipeline.name} <span className="muted num">#{run.number}</span>
          </span>
          <StatusTag status={run.status} />
          {run.queue_position !== null && (
            <span className="muted small" style={{ fontWeight: 400 }}>
              {t('facts.queue', { position: run.queue_position })}
            </span>
          )}
        </span>
      }
      actions={<RunActions run={run} />}
    >
      <div className="facts-row">
        <dl className="facts">
          <Fact name={t('facts.trigger')}>
            <StartedBy run={run} />
          </Fact>
          <Fact name={t('facts.branch')}>
            <Revision run={run} />
            {run.commit && <CopyButton text={run.commit} label={t('facts.commit')} />}
          </Fact>
          <Fact name={run.started_at ? t('facts.started') : t('facts.queuedAt')}>
            <Time at={run.started_at ?? run.created_at} />
          </Fact>
          <Fact name={t('facts.duration')}>
            <Duration ms={run.duration_ms} since={run.started_at} live={!ended(run.status)} />
          </Fact>
          {run.version !== null && (
            <Fact name={t('facts.version')}>
              <Link {...paths.versions(run.pipeline.id)} className="num">
                {run.version}
              </Link>
            </Fact>
          )}
          {run.retry_of && (
            <Fact name={t('facts.retryOf')}>
              <Link {...paths.run(run.retry_of)}>{t('facts.earlierRun')}</Link>
            </Fact>
          )}
        </dl>
        <RunText run={run} />
      </div>
    </PageHeader>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}
