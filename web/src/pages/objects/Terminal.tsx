import { FitAddon } from '@xterm/addon-fit'
import { Terminal as Xterm } from '@xterm/xterm'
import '@xterm/xterm/css/xterm.css'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { socketAddress } from '../../lib/live'
import { type End, endOf, readFrame, resized, STATUS, STDERR, STDOUT, typed } from '../../lib/terminal'

/** One session; another needs another `key`. */
export function Terminal({ href, label }: { href: string; label: string }) {
  const { t } = useTranslation('kube')
  const host = useRef<HTMLDivElement>(null)
  const [state, setState] = useState<'connecting' | 'open' | End | 'lost'>('connecting')
  // A foreign library and a connection: an island that React does not draw.
  useEffect(() => {
    const parent = host.current
    if (!parent) return
    const screen = new Xterm({
      fontFamily: getComputedStyle(document.documentElement).getPropertyValue('--mono'),
      fontSize: 13,
      cursorBlink: true,
      screenReaderMode: true,
      theme: { background: '#101013', foreground: '#ececf1' },
    })
    const fit = new FitAddon()
    screen.loadAddon(fit)
    screen.open(parent)
    fit.fit()
    screen.textarea?.setAttribute('aria-label', label)
    const socket = new WebSocket(socketAddress(href))
    socket.binaryType = 'arraybuffer'
    const send = (data: Uint8Array<ArrayBuffer>) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(data)
    }
    let ended = false
    socket.addEventListener('open', () => {
      setState('open')
      send(resized(screen.cols, screen.rows))
      screen.focus()
    })
    socket.addEventListener('message', event => {
      const found = event.data instanceof ArrayBuffer ? readFrame(event.data) : null
      if (found?.channel === STDOUT || found?.channel === STDERR) screen.write(found.bytes)
      if (found?.channel === STATUS) {
        ended = true
        setState(endOf(found.bytes))
      }
    })
    socket.addEventListener('close', event => {
      if (!ended) setState(event.reason ? { why: event.reason } : 'lost')
      screen.options.disableStdin = true
    })
    const keys = screen.onData(text => send(typed(text)))
    const sizes = screen.onResize(({ cols, rows }) => send(resized(cols, rows)))
    const watcher = new ResizeObserver(() => fit.fit())
    watcher.observe(parent)
    return () => {
      ended = true
      watcher.disconnect()
      keys.dispose()
      sizes.dispose()
      socket.close()
      screen.dispose()
    }
  }, [href, label])
  const said =
    state === 'connecting'
      ? t('terminal.connecting')
      : state === 'open'
        ? t('terminal.open')
        : t('terminal.ended', {
            why: state === 'lost' ? t('terminal.lost') : 'code' in state ? t('terminal.exit', state) : state.why,
          })
  return (
    <>
      <div className="terminal-box">
        <div ref={host} />
      </div>
      <p className={`small ${state === 'open' ? 'live-open' : 'muted'}`} role="status">
        {said}
      </p>
    </>
  )
}
