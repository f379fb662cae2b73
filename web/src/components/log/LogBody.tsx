import VerticalAlignBottomOutlined from '@ant-design/icons/es/icons/VerticalAlignBottomOutlined'
import Button from 'antd/es/button'
import { type Ref, useImperativeHandle, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { Mark } from '../../lib/logMarks'
import { atEnd, placeOfLine, type Range, topOfPlace } from '../../lib/logScroll'
import { count } from '../../lib/size'
import { BlockSkeleton } from '../../ui/Skeletons'
import { LogLines } from './LogLines'
import { LogState } from './LogState'
import type { Log } from './useLog'
import { useLogScroll } from './useLogScroll'

export interface LogHandle {
  /** Shows a line, from 1. */
  toLine: (line: number) => void
  /** The first line that is seen. */
  seen: () => number
  focus: () => void
}

interface Props {
  log: Log
  wrap: boolean
  timestamps: boolean
  range: Range | null
  marks: ReadonlyMap<number, Mark[]>
  current: { number: number; mark: Mark } | null
  hrefOf: ((line: number) => string) | undefined
  onLine: (line: number, extend: boolean) => void
  handle: Ref<LogHandle>
}

/** The lines and what stands below them. Of the viewer, only this is drawn again while one scrolls. */
export function LogBody({ log, wrap, timestamps, range, marks, current, hrefOf, onLine, handle }: Props) {
  const { t, i18n } = useTranslation('runs')
  const { store, state } = log
  const scroll = useRef<HTMLDivElement>(null)
  const rows = useRef<HTMLDivElement>(null)
  const { geometry, place, onScroll, go } = useLogScroll({ scroll, rows }, store.total, !wrap, g =>
    range ? placeOfLine(range.from, g) : atEnd,
  )
  useImperativeHandle(handle, () => ({
    toLine: line => go(g => placeOfLine(Math.min(Math.max(1, line), g.total), g)),
    seen: () => (place ? Math.floor(topOfPlace(place, geometry, () => undefined)) + 1 : 1),
    focus: () => scroll.current?.focus(),
  }))
  const live = state !== 'ended' && state !== 'loading'
  return (
    <>
      <div className="log-view">
        <LogLines
          store={store}
          geometry={geometry}
          place={place}
          scroll={scroll}
          rows={rows}
          onScroll={onScroll}
          range={range}
          marks={marks}
          current={current}
          timestamps={timestamps}
          hrefOf={hrefOf}
          onLine={onLine}
        />
        {state === 'loading' && <BlockSkeleton height={240} />}
        {state !== 'loading' && store.total === 0 && (
          <p className="log-empty">{live ? t('log.nothingYet') : t('log.nothing')}</p>
        )}
        {place && !place.end && (
          <div className="log-float">
            <Button icon={<VerticalAlignBottomOutlined />} onClick={() => go(() => atEnd)}>
              {live ? t('log.follow') : t('log.toEnd')}
            </Button>
          </div>
        )}
      </div>
      <div className="log-foot num">
        <span>{t('log.lines', { count: store.total, shown: count(store.total, i18n.language) })}</span>
        <LogState state={state} following={place?.end ?? false} />
      </div>
    </>
  )
}
