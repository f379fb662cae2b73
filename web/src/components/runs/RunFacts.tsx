import BranchesOutlined from '@ant-design/icons/es/icons/BranchesOutlined'
import { useTranslation } from 'react-i18next'
import type { RunSummary } from '../../api/types'
import './runs.css'

/** What started it: `Webhook · by mona`. A trigger this page does not know yet is shown by its own word. */
export function StartedBy({ run }: { run: Pick<RunSummary, 'trigger' | 'by'> }) {
  const { t } = useTranslation(['common', 'runs'])
  const known = ['manual', 'api', 'webhook', 'schedule', 'retry'] as const
  const trigger = known.find(one => one === run.trigger)
  return (
    <span className="truncate">
      {trigger ? t(`trigger.${trigger}`) : run.trigger}
      {run.by !== '' && run.by !== run.trigger && ` · ${t('runs:list.by', { by: run.by })}`}
    </span>
  )
}

/** Branch and commit, as far as there are any. */
export function Revision({ run }: { run: Pick<RunSummary, 'branch' | 'commit'> }) {
  if (!run.branch && !run.commit) return <span className="muted">–</span>
  return (
    <span className="revision">
      {run.branch && (
        <span className="branch" title={run.branch}>
          <BranchesOutlined aria-hidden="true" />
          <span className="truncate">{run.branch}</span>
        </span>
      )}
      {run.commit && (
        <code className="muted" title={run.commit}>
          {run.commit.slice(0, 8)}
        </code>
      )}
    </span>
  )
}
