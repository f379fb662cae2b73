// The server is killed while somebody watches a log, and started again: the page goes on by itself, and in the end it has
// shown every line once.

import { existsSync, mkdtempSync, rmSync, watch, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { startRun } from './runs'
import { Server } from './server'
import { expectSame, type Story, type Teller } from './teller'
import { fill } from './words'

const LINES = 300

/** A third before the server is killed, one while it is away, and one when it is back: files say when. */
const text = (signs: string) => `name: survivor
steps:
  - name: count
    type: script
    script: |
      print() { for n in $(seq $1 $2); do echo "line $n"; done; }
      print 1 100
      until [ -e ${signs}/away ]; do sleep 0.05; done
      print 101 200
      touch ${signs}/written
      until [ -e ${signs}/back ]; do sleep 0.05; done
      for n in $(seq 201 ${LINES}); do echo "line $n"; sleep 0.01; done
  - name: after
    type: command
    command: echo went on
`

export const survival: Story = async (teller, w) => {
  const { page } = teller
  const server = await Server.start()
  const signs = mkdtempSync(join(tmpdir(), 'ansflow-e2e-signs-'))
  const sign = (name: string) => writeFileSync(join(signs, name), '')
  try {
    teller.place = { address: server.address, user: 'grace', password: 'a kettle of tea' }
    const { user: name, password } = teller.place
    await teller.ask('POST', 'auth/setup', { code: server.code, name, password })
    const { id, path } = await startRun(teller, text(signs))
    await teller.go(`${path}?step=count`)
    const line = (number: number) => page.locator(`.log-line[data-number="${number}"] .log-text`)
    await line(100).waitFor()
    await page.getByText(w.runs.log.following).waitFor()

    teller.expectAbsence()
    await server.kill()
    sign('away')
    await page.getByText(w.runs.log.lost).waitFor()
    await exists(join(signs, 'written'))
    await teller.picture('server-away')
    await server.startAgain()
    await line(200).waitFor()
    sign('back')
    await line(LINES).waitFor()
    await teller.heading(new RegExp(w.common.status.success)).waitFor()

    const answer = await teller.ask<{ total_lines: number; lines: { number: number; text: string }[] }>(
      'GET',
      `runs/${id}/steps/count/log/lines?first=1&count=1000`,
    )
    const stored = answer.lines.map(one => `${one.number} ${one.text}`)
    expectSame('the lines that are stored', stored.length, LINES)
    await page
      .locator('.log-foot')
      .getByText(fill(w.runs.log.lines_other, { shown: LINES }))
      .waitFor()
    expectSame('the lines that the page shows', await shownLines(teller), stored)
    await page.locator('.step-row', { hasText: 'after' }).click()
    await page.locator('.log-line').getByText('went on', { exact: true }).waitFor()
    await teller.look('server-back')
  } finally {
    await server.end()
    rmSync(signs, { recursive: true })
  }
}

/** Written by a step, at whose folder we look as often as it changes. */
async function exists(file: string): Promise<void> {
  await new Promise<void>(done => {
    const look = () => {
      if (!existsSync(file)) return
      watcher.close()
      done()
    }
    const watcher = watch(dirname(file), look)
    look()
  })
}

/** From the first to the last, a page at a time. Each page of them is without gaps. */
async function shownLines({ page }: Teller): Promise<string[]> {
  const box = page.locator('.log-scroll')
  const shown = new Map<number, string>()
  const seen = () =>
    page
      .locator('.log-line')
      .evaluateAll(all =>
        all.map(one => ({ number: Number((one as HTMLElement).dataset.number), text: one.textContent?.trim() ?? '' })),
      )
  await box.evaluate(one => one.scrollTo(0, 0))
  await page.locator('.log-line[data-number="1"]').waitFor()
  for (;;) {
    const lines = await seen()
    for (const [index, { number, text }] of lines.entries()) {
      if (index > 0) expectSame('the number of a line', number, (lines[index - 1]?.number ?? 0) + 1)
      shown.set(number, text)
    }
    const last = lines.at(-1)?.number ?? 0
    if (last >= LINES) break
    // A turn of the wheel in the very moment in which the bar is put right is lost; a reader turns it again.
    const next = page.locator(`.log-line[data-number="${last + 1}"]`)
    for (let turns = 1; !(await next.isVisible()); turns += 1) {
      if (turns > 20) throw new Error(`line ${last + 1} does not come into view`)
      await box.evaluate(one => one.scrollBy(0, one.clientHeight / 2))
      await next.waitFor({ timeout: 3_000 }).catch(() => undefined)
    }
  }
  return [...shown].sort(([a], [b]) => a - b).map(([number, text]) => `${number} ${text}`)
}
