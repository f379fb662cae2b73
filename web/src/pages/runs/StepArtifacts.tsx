import DownloadOutlined from '@ant-design/icons/es/icons/DownloadOutlined'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { artifacts } from '../../api/queries'
import type { ArtifactView, RunView, StepView } from '../../api/types'
import { Failure } from '../../components/Failure'
import { LoadMore } from '../../components/LoadMore'
import { bytes } from '../../lib/size'
import { CopyButton } from '../../ui/CopyButton'
import { EmptyState } from '../../ui/EmptyState'
import { RowsSkeleton } from '../../ui/Skeletons'
import { Time } from '../../ui/Time'

export function StepArtifacts({ run, step }: { run: RunView; step: StepView }) {
  const { t } = useTranslation('runs')
  const query = useInfiniteQuery({ ...artifacts(run.id), enabled: step.artifacts > 0 })
  if (step.artifacts === 0) return <EmptyState title={t('step.noArtifacts')}>{t('step.noArtifactsHelp')}</EmptyState>
  if (query.isError) return <Failure error={query.error} onRetry={() => void query.refetch()} />
  if (!query.data) return <RowsSkeleton rows={step.artifacts} />
  const own = query.data.pages.flatMap(page => page.items).filter(one => one.step === step.name)
  return (
    <>
      <ul className="plain-list">
        {own.map(artifact => (
          <Row key={`${artifact.attempt}/${artifact.path}`} artifact={artifact} />
        ))}
      </ul>
      <LoadMore query={query} />
    </>
  )
}

function Row({ artifact }: { artifact: ArtifactView }) {
  const { t } = useTranslation('runs')
  const { path, size, sha256, kept_at, href, attempt } = artifact
  return (
    <li className="artifact">
      {/* Always sent as an attachment; the browser keeps it, and never shows it as a page of ours. */}
      <a href={href} download className="row truncate">
        <DownloadOutlined aria-hidden="true" />
        <span className="mono truncate">{path}</span>
      </a>
      <span className="muted small row wrap" style={{ gap: '2px 14px' }}>
        <span className="num">{bytes(size)}</span>
        <Time at={kept_at} />
        {attempt > 1 && <span>{t('steps.attempts', { count: attempt })}</span>}
        <span className="row" style={{ gap: 2 }}>
          <code title={sha256}>sha256:{sha256.slice(0, 12)}…</code>
          <CopyButton text={sha256} label={t('step.sha')} />
        </span>
      </span>
    </li>
  )
}
