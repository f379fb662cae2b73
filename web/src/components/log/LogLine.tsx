import { memo, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { type Piece, parseAnsi, type Style } from '../../lib/ansi'
import { css, paint } from '../../lib/ansiColours'
import { type Mark, markPieces } from '../../lib/logMarks'
import type { Line } from '../../lib/logStore'

/** Longer lines are cut on the page; the download has all of them. */
const LONGEST = 8_000

interface Props {
  number: number
  line: Line | undefined
  chosen: boolean
  /** What the search found in it, and which of them is gone to now. */
  marks: Mark[] | undefined
  current: Mark | undefined
  timestamps: boolean
  href: string | undefined
}

export const LogLine = memo(function LogLine({ number, line, chosen, marks, current, timestamps, href }: Props) {
  const classes = ['log-line', line?.stream === 'stderr' && 'stderr', chosen && 'chosen', !line && 'missing']
  return (
    <div className={classes.filter(Boolean).join(' ')} data-number={number}>
      {/* Not in the order of tabs: there may be a million of them. `:123` in the search field goes to a line. */}
      {/* biome-ignore lint/a11y/useAnchorContent: the style sheet writes the number, so that it is not copied with the text */}
      <a className="log-number" href={href} tabIndex={-1} data-n={number} aria-label={`${number}`} />
      {timestamps && <span className="log-time" data-time={line ? clock(line.at) : ''} />}
      <span className="log-text">{line && text(line.text, marks, current)}</span>
    </div>
  )
})

function text(whole: string, marks: Mark[] | undefined, current: Mark | undefined): ReactNode {
  const cut = whole.length > LONGEST
  const pieces = parseAnsi(cut ? whole.slice(0, LONGEST) : whole)
  return (
    <>
      {(marks ? markPieces(pieces, marks) : pieces).map(piece => (
        <Styled key={piece.from} piece={piece} current={current} />
      ))}
      {cut && <Cut count={whole.length - LONGEST} />}
    </>
  )
}

function Cut({ count }: { count: number }) {
  const { t } = useTranslation('runs')
  return <em className="log-cut">{t('log.cut', { count })}</em>
}

function Styled({ piece, current }: { piece: Piece & { mark?: Mark }; current: Mark | undefined }) {
  if (piece.mark)
    return (
      <mark className={piece.mark === current ? 'current' : ''} style={looks(piece.style)}>
        {piece.text}
      </mark>
    )
  return piece.style ? (
    <span className={letters(piece.style)} style={looks(piece.style)}>
      {piece.text}
    </span>
  ) : (
    piece.text
  )
}

function letters(style: Style): string {
  const names = ['bold', 'dim', 'italic', 'underline', 'strike'] as const
  const lit = style.fg !== undefined || style.bg !== undefined || style.inverse
  return ['ansi', lit && 'lit', ...names.filter(name => style[name])].filter(Boolean).join(' ')
}

/** Both schemes' colours, of which the style sheet takes the one that is on. */
function looks(style: Style | null): React.CSSProperties {
  if (!style) return {}
  const light = paint(style, 'light')
  const dark = paint(style, 'dark')
  const values = { '--fl': light.fg, '--fd': dark.fg, '--bl': light.bg, '--bd': dark.bg }
  const set = Object.entries(values).flatMap(([name, colour]) => (colour ? [[name, css(colour)]] : []))
  return Object.fromEntries(set) as React.CSSProperties
}

function clock(at: string): string {
  const time = new Date(at)
  const two = (value: number) => String(value).padStart(2, '0')
  const ms = String(time.getMilliseconds()).padStart(3, '0')
  return `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}.${ms}`
}
