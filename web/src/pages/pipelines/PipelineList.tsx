import CaretRightOutlined from '@ant-design/icons/es/icons/CaretRightOutlined'
import EditOutlined from '@ant-design/icons/es/icons/EditOutlined'
import { Link, useNavigate } from '@tanstack/react-router'
import Checkbox from 'antd/es/checkbox'
import { useTranslation } from 'react-i18next'
import type { PipelineSummary } from '../../api/types'
import { whyNot } from '../../lib/may'
import { paths } from '../../lib/paths'
import { ActionButton } from '../../ui/ActionButton'
import { Time } from '../../ui/Time'
import { RecentMarks } from './RecentMarks'

interface Props {
  items: PipelineSummary[]
  picked: ReadonlySet<string>
  onPick: (id: string, on: boolean) => void
}

/** One line a pipeline; a card each where there is no room for a line. */
export function PipelineList({ items, picked, onPick }: Props) {
  const { t } = useTranslation(['pipelines', 'common'])
  const navigate = useNavigate()
  return (
    <ul className="plain-list pipeline-list">
      {items.map(item => (
        <li key={item.id} className="pipeline-row" data-picked={picked.has(item.id)}>
          <Checkbox
            className="above"
            checked={picked.has(item.id)}
            aria-label={t('list.pick', { name: item.name })}
            onChange={event => onPick(item.id, event.target.checked)}
          />
          <span className="pipeline-name">
            <span className="row">
              <Link {...paths.pipeline(item.id)} className="pipeline-link truncate">
                {item.name}
              </Link>
              {!item.enabled && <span className="tag tone-quiet">{t('list.disabled')}</span>}
            </span>
            <span className="muted small truncate">
              {item.description ||
                [
                  t('editor.stepCount', { count: item.steps }),
                  ...item.triggers
                    .filter(one => one === 'schedule' || one === 'webhook')
                    .map(one => t(`common:trigger.${one}`)),
                ].join(' · ')}
            </span>
          </span>
          <span className="pipeline-recent">
            <RecentMarks runs={item.recent} />
          </span>
          <span className="pipeline-times muted small">
            {item.recent[0] ? (
              <span>
                {t('list.lastRun')} <Time at={item.recent[0].created_at} />
              </span>
            ) : (
              <span>{t('list.neverRun')}</span>
            )}
            <span>
              {t('list.changed')} <Time at={item.updated_at} />
            </span>
          </span>
          <span className="row pipeline-acts above">
            <ActionButton
              icon={<CaretRightOutlined />}
              refused={whyNot(item, 'run')}
              aria-label={t('list.runNamed', { name: item.name })}
              onClick={() => void navigate(paths.pipeline(item.id, { run: true }))}
            />
            <ActionButton
              icon={<EditOutlined />}
              type="text"
              refused={whyNot(item, 'edit')}
              aria-label={t('list.editNamed', { name: item.name })}
              onClick={() => void navigate(paths.editPipeline(item.id))}
            />
          </span>
        </li>
      ))}
    </ul>
  )
}
