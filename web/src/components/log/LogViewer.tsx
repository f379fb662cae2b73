import type { InputRef } from 'antd/es/input'
import { type KeyboardEvent, useRef } from 'react'
import { hrefs } from '../../api/hrefs'
import type { LogSource } from '../../api/logs'
import { choose, formatRange, parseRange } from '../../lib/logScroll'
import { useKept } from '../../ui/useKept'
import { Failure } from '../Failure'
import { LogBar } from './LogBar'
import { LogBody, type LogHandle } from './LogBody'
import { useLog } from './useLog'
import { useLogSearch } from './useLogSearch'
import './log.css'

export interface LogViewerProps {
  source: LogSource
  /** Lines that a link points at: `12` or `12-20`. */
  range?: string | undefined
  /** A line's number was chosen; its link. */
  onRange?: (range: string) => void
  hrefOf?: (line: number) => string
}

/** The log of one attempt. Fills the height of the box it stands in; another attempt needs another `key`. */
export function LogViewer({ source, range: given, onRange, hrefOf }: LogViewerProps) {
  const range = parseRange(given)
  const log = useLog(source, range?.from ?? null)
  const [wrap, setWrap] = useKept('ansflow.log.wrap', false)
  const [timestamps, setTimestamps] = useKept('ansflow.log.timestamps', false)
  const field = useRef<InputRef>(null)
  const body = useRef<LogHandle>(null)
  const search = useLogSearch(source, hit => body.current?.toLine(hit.number))

  const onKey = (event: KeyboardEvent) => {
    if ((event.ctrlKey || event.metaKey) && event.key === 'f') {
      event.preventDefault()
      field.current?.focus({ cursor: 'all' })
    }
  }
  if (log.state === 'failed') return <Failure error={log.error} onRetry={log.retry} />
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: takes the browser's own search for the log's
    <div className={`log${wrap ? ' wrap' : ''}`} onKeyDown={onKey}>
      <LogBar
        search={search}
        seen={() => body.current?.seen() ?? 1}
        field={field}
        onLine={line => {
          body.current?.toLine(line)
          onRange?.(`${line}`)
        }}
        onLeave={() => body.current?.focus()}
        wrap={wrap}
        onWrap={setWrap}
        timestamps={timestamps}
        onTimestamps={setTimestamps}
        download={hrefs.logDownload(source.run, source.step, source.attempt)}
      />
      <LogBody
        handle={body}
        log={log}
        wrap={wrap}
        timestamps={timestamps}
        range={range}
        marks={search.marks}
        current={search.current}
        hrefOf={hrefOf}
        onLine={(line, extend) => onRange?.(formatRange(choose(range, line, extend)))}
      />
    </div>
  )
}
