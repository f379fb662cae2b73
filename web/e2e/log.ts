// The log viewer with a million lines, in a browser: `node e2e/run.mjs e2e/log.ts` after `npx vite build`.
// Says what failed, and how long frames took and how much memory was held.

import type { Page } from 'playwright-core'
import { plainText } from '../src/lib/ansi'
import { fakeLine } from './fakeLog'
import { fakeServer } from './fakeServer'
import { open } from './look'

const LINES = 1_000_000
const PORT = 8_191

const server = fakeServer(PORT, LINES)
let failures = 0
const check = (what: string, holds: boolean, seen: unknown = '') => {
  if (!holds) failures += 1
  console.log(`${holds ? 'ok  ' : 'FAIL'} ${what}`, seen)
}

const browser = await open()
const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-GB' })
const page = await context.newPage()
page.on('console', message => {
  if (message.type() === 'error' && !message.text().includes('ERR_INCOMPLETE_CHUNKED'))
    check('no error is logged', false, message.text())
})
page.on('pageerror', error => check('no error is thrown', false, error.message))
const at = (search: string) => `http://127.0.0.1:${PORT}/runs/run_149${search}`
const numbers = () =>
  page.$$eval('.log-line .log-number', all => all.map(one => Number((one as HTMLElement).dataset.n)))
/** The lines whose whole height is in sight. */
const seen = () =>
  page.$$eval('.log-line', all => {
    const box = document.querySelector('.log-scroll')?.getBoundingClientRect()
    if (!box) return []
    return all
      .filter(
        one => one.getBoundingClientRect().top >= box.top - 1 && one.getBoundingClientRect().bottom <= box.bottom + 1,
      )
      .map(one => Number((one as HTMLElement).dataset.number))
  })
const settled = () =>
  page.waitForFunction(
    () => document.querySelectorAll('.log-line').length > 5 && !document.querySelector('.log-line.missing'),
  )
const heap = async () => {
  await page.requestGC()
  return Math.round(
    (await page.evaluate(
      () => (performance as unknown as { memory: { usedJSHeapSize: number } }).memory.usedJSHeapSize,
    )) / 1e6,
  )
}

// ── following ───────────────────────────────────────────────────────────────────────────────────────────────────
await page.goto(at('?step=image'))
await settled()
check('it opens at the end', (await seen()).at(-1)! >= LINES, (await seen()).at(-1))
check(
  'and says how many lines there are',
  (await page.textContent('.log-foot'))?.includes('1,000,') ?? false,
  await page.textContent('.log-foot'),
)
await page.waitForTimeout(2_000)
check('what is written appears', (await seen()).at(-1)! >= server.total() - 20, [(await seen()).at(-1), server.total()])
check('few lines are drawn', (await numbers()).length < 80, (await numbers()).length)

server.cut()
await page.waitForTimeout(2_500)
const after = await numbers()
check('after a cut it goes on', after.at(-1)! >= server.total() - 20, [after.at(-1), server.total()])
check(
  'no line is missing or doubled',
  after.every((number, index) => index === 0 || number === after[index - 1]! + 1),
)

const box = page.locator('.log-scroll')
await box.hover()
await page.mouse.wheel(0, -400)
await page.waitForTimeout(300)
const up = await seen()
await page.waitForTimeout(1_500)
check('scrolling up ends the following', JSON.stringify(await seen()) === JSON.stringify(up), up[0])
check('by the pixels that were turned', Math.abs(server.total() - up.at(-1)! - 20) < 70, server.total() - up.at(-1)!)
await page.getByRole('button', { name: 'Follow' }).click()
await page.waitForTimeout(1_500)
check('“Follow” follows again', (await seen()).at(-1)! >= server.total() - 20)

// ── moving ──────────────────────────────────────────────────────────────────────────────────────────────────────
await box.focus()
await page.keyboard.press('Home')
await page.waitForTimeout(600)
await settled()
check('Home shows the first line', (await seen())[0] === 1, (await seen())[0])
await page.keyboard.press('PageDown')
await page.waitForTimeout(600)
check('a page down is a page', (await seen())[0]! > 10 && (await seen())[0]! < 40, (await seen())[0])
await page.evaluate(() => {
  const scroll = document.querySelector('.log-scroll')!
  scroll.scrollTop = scroll.scrollHeight / 2
})
await settled()
check('half of the bar is half of the log', Math.abs((await seen())[0]! - LINES / 2) < 3000, (await seen())[0])
await page.keyboard.press('End')
await page.waitForTimeout(600)
await settled()
check('End shows the last', (await seen()).at(-1)! >= server.total() - 30)

// ── links and search ────────────────────────────────────────────────────────────────────────────────────────────
await page.goto(at('?step=image&line=654321-654323'))
await settled()
check(
  'a link shows its lines',
  (await seen()).includes(654_321) && (await page.locator('.log-line.chosen').count()) === 3,
)
await page.locator('.log-number[data-n="654326"]').click({ modifiers: ['Shift'] })
await page.waitForURL(/line=654321-654326/)
await page.keyboard.press('Control+f')
const field = page.getByRole('textbox', { name: /Search log/ })
await box.focus()
await page.keyboard.press('Control+f')
check('Ctrl-F is the log’s', await field.evaluate(one => one === document.activeElement))
await field.fill('case_150091')
await page.locator('mark.current').waitFor()
check('the search goes to its hit', (await seen()).includes(150_091), await page.textContent('.log-hits'))
await field.fill(':777')
await field.press('Enter')
await settled()
check('`:777` goes to a line', (await seen()).includes(777))
const copied = await page.evaluate(() => {
  const line = document.querySelector('.log-line[data-number="777"]')!
  getSelection()!.selectAllChildren(line)
  return getSelection()!.toString()
})
check('a copy has the text only', copied.trim() === plainText(fakeLine(777).text).trim(), copied)

// ── smoothness and memory ───────────────────────────────────────────────────────────────────────────────────────
const before = await heap()
const frames = await measure(page)
const held = await heap()
check('memory stays bounded', held < 60, `${before} MB → ${held} MB`)
await page.getByRole('button', { name: 'Wrap lines' }).click()
await page.evaluate(() => {
  document.querySelector('.log-scroll')!.scrollTop = 4_000_000
})
await settled()
const wrapped = await measure(page)
console.log('     milliseconds; `cost` is computing per frame, `idle` what this machine does without any work')
console.table({ ...frames, 'wrapped wheel': wrapped.wheel, 'wrapped drag': wrapped.drag })
check('a turned frame costs less than its time', frames.wheel.cost < 16 && wrapped.wheel.cost < 16)

await browser.close()
server.close()
process.exit(failures === 0 ? 0 : 1)

/** Moves the bar once a frame: the times between frames, and what a frame costs the page's thread in computing. */
async function measure(of: Page) {
  const session = await of.context().newCDPSession(of)
  await session.send('Performance.enable', { timeDomain: 'threadTicks' })
  const busy = async () => {
    const { metrics } = await session.send('Performance.getMetrics')
    return (metrics.find(({ name }) => name === 'ThreadTime')?.value ?? 0) * 1000
  }
  const run = async (kind: 'idle' | 'wheel' | 'drag') => {
    const before = await busy()
    const times = await of.evaluate(async kind => {
      const scroll = document.querySelector('.log-scroll')!
      const whole = scroll.scrollHeight - scroll.clientHeight
      const times: number[] = []
      let last = performance.now()
      for (let frame = 0; frame < 300; frame += 1) {
        if (kind === 'wheel') scroll.scrollBy(0, 60)
        if (kind === 'drag') scroll.scrollTop = (whole * frame) / 300
        await new Promise(requestAnimationFrame)
        const now = performance.now()
        times.push(now - last)
        last = now
      }
      return times.sort((a, b) => a - b)
    }, kind)
    const share = (part: number) => Number(times[Math.floor(times.length * part)]?.toFixed(1))
    const cost = Number((((await busy()) - before) / times.length).toFixed(1))
    return { cost, p50: share(0.5), p95: share(0.95), worst: share(0.9999) }
  }
  return { idle: await run('idle'), wheel: await run('wheel'), drag: await run('drag') }
}
