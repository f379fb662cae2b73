import Button from 'antd/es/button'
import { useEffect, useLayoutEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type LogsWanted, type PodsWanted, podLogHref } from '../../api/kube'
import { plainText } from '../../lib/ansi'
import { eventSource, type LiveState, stay, whileSeen } from '../../lib/live'
import { type PodLine, readLines, withLines } from '../../lib/podLog'

interface Props {
  cluster: string
  namespace: string
  pods: PodsWanted
  wanted: LogsWanted
  /** Only lines that have this in them. */
  only: string
  wrap: boolean
  /** Each line says whose it is. */
  named: boolean
}

/** Lines drawn at once; whoever looks for earlier ones narrows them. */
const DRAWN = 3_000

/** The lines of pods, followed. Another source needs another `key`. */
export function LiveLog({ cluster, namespace, pods, wanted, only, wrap, named }: Props) {
  const { t } = useTranslation('kube')
  const [lines, setLines] = useState<PodLine[]>([])
  const [state, setState] = useState<LiveState>('connecting')
  const [notes, setNotes] = useState<string | null>(null)
  const box = useRef<HTMLElement>(null)
  const atEnd = useRef(true)
  const [href] = useState(() => podLogHref(cluster, namespace, pods, wanted))
  // A connection to the outside, which is what effects are for.
  useEffect(() => {
    // What is told after a break is told from the tail again.
    let fresh = true
    const live = stay({
      connect: told => {
        fresh = true
        return eventSource(href, ['lines', 'note', 'trouble', 'end'])(told)
      },
      onState: setState,
      onMessage: (type, data) => {
        if (type === 'note' || type === 'trouble') setNotes(sentenceOf(data))
        if (type === 'lines') {
          const begin = fresh
          fresh = false
          setLines(known => withLines(begin ? [] : known, readLines(data)))
        }
        if (type === 'end') setNotes(sentenceOf(data) || null)
        return type === 'end'
      },
    })
    return whileSeen(live)
  }, [href])
  useLayoutEffect(() => {
    if (atEnd.current && box.current) box.current.scrollTop = box.current.scrollHeight
  })
  const search = only.toLowerCase()
  const shown = (search === '' ? lines : lines.filter(one => one.text.toLowerCase().includes(search))).slice(-DRAWN)
  const quiet = state === 'ended' ? t('logs.ended') : state === 'lost' ? t('list.lost') : t('list.live')
  return (
    <>
      <section
        ref={box}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable without a mouse
        tabIndex={0}
        className={`live-log${wrap ? ' wrap' : ''}`}
        aria-label={t('logs.label')}
        onScroll={event => {
          const { scrollTop, scrollHeight, clientHeight } = event.currentTarget
          atEnd.current = scrollHeight - scrollTop - clientHeight < 30
        }}
      >
        {shown.map(one => (
          <div key={one.number} title={one.at ?? undefined}>
            {named && (
              <span className="from">
                {one.pod}
                {one.container ? `/${one.container}` : ''}
              </span>
            )}
            {plainText(one.text)}
          </div>
        ))}
        {shown.length === 0 && <span className="muted">{t(lines.length > 0 ? 'logs.noMatch' : 'logs.none')}</span>}
      </section>
      <p className="row wrap small muted" role="status">
        <span className={state === 'open' ? 'live-open' : ''}>{quiet}</span>
        {notes && <span>{notes}</span>}
        <span className="grow" />
        <Button
          size="small"
          type="text"
          onClick={() => {
            atEnd.current = true
            box.current?.scrollTo({ top: box.current.scrollHeight })
          }}
        >
          {t('logs.follow')}
        </Button>
      </p>
    </>
  )
}

function sentenceOf(data: unknown): string {
  try {
    const found = JSON.parse(String(data)) as { message?: string; text?: string } | null
    return found?.message ?? found?.text ?? ''
  } catch {
    return ''
  }
}
