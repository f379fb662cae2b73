// A run's events as they happen. They say that something changed; what a run is, only its view says.

import type { QueryClient } from '@tanstack/react-query'
import { follow } from '../lib/sse'
import { throttle } from '../lib/throttle'
import { hrefs } from './hrefs'
import { keys } from './queries'

/** One connection, closed while the tab is hidden. Returns what ends it. */
export function followRun(client: QueryClient, id: string, after: number): () => void {
  const refresh = throttle(() => void client.invalidateQueries({ queryKey: keys.run(id) }), 300)
  const follower = follow({
    url: position => hrefs.runEvents(id, position),
    position: after,
    event: 'message',
    onEvent: refresh,
    onState: state => {
      if (state === 'ended') {
        void client.invalidateQueries({ queryKey: keys.runs })
        void client.invalidateQueries({ queryKey: keys.statistics })
      }
      // Nothing comes in meanwhile; and when it was our session that ended, the view's answer says so.
      if (state === 'lost') refresh()
    },
  })
  const onVisibility = () => {
    if (document.hidden) return follower.pause()
    refresh()
    follower.resume()
  }
  if (document.hidden) follower.pause()
  document.addEventListener('visibilitychange', onVisibility)
  return () => {
    document.removeEventListener('visibilitychange', onVisibility)
    refresh.cancel()
    follower.close()
  }
}
