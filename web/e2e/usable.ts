// How long until the first page can be used: `node e2e/run.mjs e2e/usable.ts http://…`, of a server that nobody is
// signed in to. Each time with an empty cache, until the first field is there; prints milliseconds, one a line.

import { open } from './look'

const TIMES = 7

const url = process.argv[2]
if (!url) throw new Error('name the server')

const browser = await open()
for (let time = 0; time <= TIMES; time++) {
  const context = await browser.newContext()
  const page = await context.newPage()
  const began = performance.now()
  await page.goto(url, { waitUntil: 'commit' })
  await page.locator('input').first().waitFor({ state: 'visible' })
  // The first one is the browser's own start.
  if (time > 0) process.stdout.write(`${(performance.now() - began).toFixed(0)}\n`)
  await context.close()
}
await browser.close()
