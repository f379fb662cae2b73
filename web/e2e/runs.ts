// A link to a line of a log, followed by somebody who is not signed in; and a run that is cancelled.

import { expectSame, type Story, type Teller } from './teller'

/** Starts a new pipeline with this text; the address of its run. */
export async function startRun(teller: Teller, text: string): Promise<{ id: string; path: string }> {
  const made = await teller.ask<{ id: string }>('POST', 'pipelines', { text, note: '' })
  const run = await teller.ask<{ id: string }>('POST', `pipelines/${made.id}/run`, {})
  return { id: run.id, path: `/runs/${run.id}` }
}

const long = (name: string) => `name: ${name}
steps:
  - name: print
    type: script
    script: |
      seq 1 5000 | sed 's/^/line /'
`

export const linkToLine: Story = async (teller, w) => {
  const { page, context } = teller
  await teller.signIn()
  const { path } = await startRun(teller, long(`long-${teller.language}`))
  await teller.go(path)
  await teller.heading(new RegExp(w.common.status.success)).waitFor()
  const find = page.getByRole('textbox', { name: w.runs.log.find })
  await find.fill('line 2500')
  await page.locator('mark.current', { hasText: 'line 2500' }).waitFor()
  await teller.look('log-search')
  await page.locator('.log-number[data-n="2500"]').click()
  await page.waitForURL(/line=2500/)
  await page.locator('.log-number[data-n="2503"]').click({ modifiers: ['Shift'] })
  await page.waitForURL(/line=2500-2503/)
  const link = new URL(page.url())

  await context.clearCookies()
  await teller.go(link.pathname + link.search)
  await page.getByText(w.common.signIn.ended).waitFor()
  await teller.fillSignIn(teller.place.password)
  const chosen = page.locator('.log-line.chosen')
  await chosen.getByText('line 2503', { exact: true }).waitFor()
  expectSame(
    'the lines that the link marks',
    (await chosen.allTextContents()).map(text => text.trim()),
    ['line 2500', 'line 2501', 'line 2502', 'line 2503'],
  )
  const [box, frame] = [await chosen.first().boundingBox(), await page.locator('.log-scroll').boundingBox()]
  if (!box || !frame || box.y < frame.y || box.y + box.height > frame.y + frame.height) {
    throw new Error('the line that the link names is out of sight')
  }
  await teller.look('log-link')
}

const endless = (name: string) => `name: ${name}
steps:
  - name: wait
    type: command
    command: echo waiting && sleep 3600
  - name: after
    type: command
    command: echo never
`

export const cancelling: Story = async (teller, w) => {
  const { page } = teller
  const words = w.runs.act
  await teller.signIn()
  const { path } = await startRun(teller, endless(`endless-${teller.language}`))
  await teller.go(path)
  await page.locator('.log-line', { hasText: 'waiting' }).waitFor()
  await page.locator('header.head').waitFor()
  await teller.button(words.cancel).click()
  await teller.dialog().getByText(words.cancelHelp).waitFor()
  await teller.look('cancel-question')
  await teller.button(w.common.action.cancel, teller.dialog()).click()
  await teller.dialog().waitFor({ state: 'detached' })
  await teller.heading(new RegExp(w.common.status.running)).waitFor()

  await teller.button(words.cancel).click()
  await teller.button(words.cancel, teller.dialog()).click()
  await teller.heading(new RegExp(w.common.status.cancelled)).waitFor()
  await page.locator('.step-row', { hasText: 'after' }).click()
  await teller.look('cancelled')
  await page.locator('.step-row', { hasText: 'wait' }).click()
  await page.getByRole('tab', { name: w.runs.step.details }).click()
  await page.getByText(w.runs.outcome.stopped).waitFor()
}
