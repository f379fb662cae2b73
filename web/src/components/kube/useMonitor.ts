import { useEffect, useState } from 'react'
import { hrefs } from '../../api/hrefs'
import { type LiveState, stay, webSocket, whileSeen } from '../../lib/live'
import { fold, NOTHING, readMessage, type View } from '../../lib/monitor'

export interface Monitor {
  view: View
  state: LiveState
}

/**
 * What the monitor of one attempt shows, live or as it was kept: each connection begins with a snapshot. One hook per
 * attempt: give the component a `key` of it.
 */
export function useMonitor(stepRun: string, attempt: number | undefined): Monitor {
  const [view, setView] = useState<View>(NOTHING)
  const [state, setState] = useState<LiveState>('connecting')
  // A connection to the outside, which is what effects are for.
  useEffect(() => {
    const live = stay({
      connect: webSocket(hrefs.monitor(stepRun, attempt)),
      onState: setState,
      onMessage: (_, data) => {
        const message = readMessage(data)
        if (message === null) return false
        setView(known => fold(known, message))
        return message.type === 'end' || (message.type === 'snapshot' && message.ended === true)
      },
    })
    return whileSeen(live)
  }, [stepRun, attempt])
  return { view, state }
}
