import ClockCircleOutlined from '@ant-design/icons/es/icons/ClockCircleOutlined'
import DownloadOutlined from '@ant-design/icons/es/icons/DownloadOutlined'
import DownOutlined from '@ant-design/icons/es/icons/DownOutlined'
import SearchOutlined from '@ant-design/icons/es/icons/SearchOutlined'
import UpOutlined from '@ant-design/icons/es/icons/UpOutlined'
import Button from 'antd/es/button'
import Input, { type InputRef } from 'antd/es/input'
import Tooltip from 'antd/es/tooltip'
import { type KeyboardEvent, type ReactNode, type Ref, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Toggle } from '../../ui/Toggle'
import type { LogSearch, Question } from './useLogSearch'

interface Props {
  search: LogSearch
  /** The first line that is seen, from where a search begins. */
  seen: () => number
  field: Ref<InputRef>
  onLine: (line: number) => void
  onLeave: () => void
  wrap: boolean
  onWrap: (on: boolean) => void
  timestamps: boolean
  onTimestamps: (on: boolean) => void
  download: string
  children?: ReactNode
}

/** Search, looks and download of a log. */
export function LogBar(props: Props) {
  const { search, seen, onLine } = props
  const { t } = useTranslation(['runs', 'common'])
  const [draft, setDraft] = useState('')
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)

  const ask = (question: Question) => {
    clearTimeout(timer.current)
    // `:123` goes to a line instead.
    if (!question.q.startsWith(':')) void search.ask(question, seen())
  }
  const type = (q: string) => {
    setDraft(q)
    clearTimeout(timer.current)
    timer.current = setTimeout(() => ask({ ...search.question, q }), q === '' ? 0 : 300)
  }
  const onKey = (event: KeyboardEvent) => {
    const line = draft.match(/^:(\d{1,9})$/)?.[1]
    if (event.key === 'Escape') {
      type('')
      props.onLeave()
    } else if (event.key === 'Enter' && line) {
      onLine(Number(line))
    } else if (event.key === 'Enter' && draft === search.question.q && !search.busy) {
      search.move(event.shiftKey ? -1 : 1)
    } else if (event.key === 'Enter') {
      ask({ ...search.question, q: draft })
    }
  }
  const none = search.hits.length === 0
  return (
    <search className="log-bar">
      <Input
        className="log-find"
        data-search
        ref={props.field}
        size="small"
        value={draft}
        onChange={event => type(event.target.value)}
        onKeyDown={onKey}
        prefix={<SearchOutlined />}
        suffix={<Options search={search} ask={next => ask({ ...next, q: draft })} />}
        placeholder={t('log.find')}
        aria-label={t('log.find')}
        {...(search.problem ? { status: 'error' as const } : {})}
      />
      <span className="log-hits num" role="status">
        <Hits search={search} />
      </span>
      <Icon name={t('log.previous')} icon={<UpOutlined />} off={none} onClick={() => search.move(-1)} />
      <Icon name={t('log.next')} icon={<DownOutlined />} off={none} onClick={() => search.move(1)} />
      <span className="grow" />
      {props.children}
      <Toggle on={props.wrap} onChange={props.onWrap} name={t('log.wrap')}>
        ↩
      </Toggle>
      <Toggle on={props.timestamps} onChange={props.onTimestamps} name={t('log.timestamps')}>
        <ClockCircleOutlined />
      </Toggle>
      <Tooltip title={t('log.download')}>
        <Button
          size="small"
          type="text"
          icon={<DownloadOutlined />}
          href={props.download}
          aria-label={t('log.download')}
        />
      </Tooltip>
    </search>
  )
}

function Hits({ search }: { search: LogSearch }) {
  const { t } = useTranslation('runs')
  if (search.question.q === '') return null
  if (search.busy) return t('log.searching')
  if (search.problem) return search.problem
  if (search.hits.length === 0) return t('log.noHits')
  const total = `${search.hits.length}${search.complete ? '' : '+'}`
  return t('log.hits', { index: search.index + 1, total })
}

function Options({ search, ask }: { search: LogSearch; ask: (next: Question) => void }) {
  const { t } = useTranslation('runs')
  const { question } = search
  return (
    <span className="row" style={{ gap: 2 }}>
      <Toggle on={question.case} onChange={on => ask({ ...question, case: on })} name={t('log.case')}>
        Aa
      </Toggle>
      <Toggle on={question.regex} onChange={on => ask({ ...question, regex: on })} name={t('log.regex')}>
        .*
      </Toggle>
    </span>
  )
}

function Icon({ name, icon, off, onClick }: { name: string; icon: ReactNode; off: boolean; onClick: () => void }) {
  return (
    <Tooltip title={name}>
      <Button size="small" type="text" icon={icon} aria-label={name} disabled={off} onClick={onClick} />
    </Tooltip>
  )
}
