// When a page is whole: nothing is loading, nothing moves, and nothing has changed for a moment.

import type { Page } from 'playwright-core'

export async function still(page: Page): Promise<void> {
  const reason = await page.evaluate(() => {
    const MOMENT = 120
    const PATIENCE = 20_000
    const began = performance.now()
    // What turns for ever shows that something goes on, which may be what the page is to show.
    const moves = () =>
      document
        .getAnimations()
        .some(
          one => one.playState === 'running' && one.effect?.getComputedTiming().iterations !== Number.POSITIVE_INFINITY,
        )
    return new Promise<string | null>(done => {
      let timer: ReturnType<typeof setTimeout>
      const again = () => {
        clearTimeout(timer)
        timer = setTimeout(look, MOMENT)
      }
      const watch = new MutationObserver(again)
      const end = (reason: string | null) => {
        clearTimeout(timer)
        watch.disconnect()
        done(reason)
      }
      const look = () => {
        const loading = document.querySelector('.bone') !== null || document.fonts.status !== 'loaded'
        if (!loading && !moves()) end(null)
        else if (performance.now() - began > PATIENCE) end(loading ? 'it still loads' : 'it still moves')
        else again()
      }
      watch.observe(document, { subtree: true, childList: true, attributes: true, characterData: true })
      setTimeout(() => end('it changes all the time'), PATIENCE + 1_000)
      again()
    })
  })
  if (reason) throw new Error(`${page.url()} does not come to rest: ${reason}`)
}
