// A pipeline from its first mistake to its statistics: written, seen to be wrong, mended in the form, run, watched,
// approved, seen to fail, retried from where it failed, changed, compared, and counted.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expectSame, type Teller } from './teller'
import { fill, type Words } from './words'
import { change, compare, create, mend, write } from './writing'

/** What the steps wait for are files in a folder of the story, so that nothing depends on how fast anything is. */
const text = (name: string) => `name: ${name}
variables:
  guest: nobody
  signs: /nowhere
steps:
  - name: greet
    type: command
    comand: echo "welcome, {{ guest }}"
  - name: count
    type: script
    script: |
      seq 1 20 | sed 's/^/line /'
      until [ -e "{{ signs }}/go" ]; do sleep 0.05; done
      seq 21 40 | sed 's/^/line /'
  - name: ask
    type: command
    approval: { required: 1, message: shall it go on? }
    command: echo went on
  - name: check
    type: script
    script: |
      if [ ! -e "{{ signs }}/mended" ]; then echo "not mended yet" >&2; exit 3; fi
      echo "mended"
  - name: done
    type: command
    command: echo all done
`

export const workday = async (teller: Teller, w: Words): Promise<void> => {
  const signs = mkdtempSync(join(tmpdir(), 'ansflow-e2e-signs-'))
  const sign = (name: string) => writeFileSync(join(signs, name), '')
  const name = `story-${teller.language}`
  try {
    await teller.signIn()
    await write(teller, w, text(name))
    await mend(teller, w)
    await create(teller, w, name)
    await run(teller, w, name, signs)
    await watch(teller, w, () => sign('go'))
    await approve(teller, w)
    await fail(teller, w)
    sign('mended')
    await retry(teller, w)
    await change(teller, w, name)
    await compare(teller, w)
    await statistics(teller, w, name)
  } finally {
    rmSync(signs, { recursive: true })
  }
}

const step = (teller: Teller, name: string) => teller.page.locator('.step-row', { hasText: name })
const line = (teller: Teller, text: string) => teller.page.locator('.log-line').getByText(text, { exact: true })

async function run(teller: Teller, w: Words, name: string, signs: string): Promise<void> {
  const words = w.pipelines
  await teller.button(words.edit.run).click()
  const dialog = await teller.opened()
  await dialog.getByText(fill(words.run.title, { name })).waitFor()
  await dialog.getByLabel('guest').fill('Ада 茶客')
  await dialog.getByLabel('signs').fill(signs)
  await teller.look('story-4-run-dialog')
  await teller.button(words.run.start, dialog).click()
  await teller.heading(new RegExp(`^${name} #1 `)).waitFor()
}

/** The log arrives line by line, in its order, without anybody's doing. */
async function watch(teller: Teller, w: Words, goOn: () => void): Promise<void> {
  const { page } = teller
  await step(teller, 'greet').click()
  await line(teller, 'welcome, Ада 茶客').waitFor()
  await step(teller, 'count').click()
  await line(teller, 'line 20').waitFor()
  await page.getByText(w.runs.log.following).waitFor()
  expectSame('the lines that have not been written yet', await line(teller, 'line 21').count(), 0)
  await teller.look('story-5-live-log')
  goOn()
  await line(teller, 'line 40').waitFor()
}

async function approve(teller: Teller, w: Words): Promise<void> {
  const { page } = teller
  const words = w.runs.approval
  const banner = page.getByRole('region', { name: fill(words.waits, { step: 'ask' }) })
  await banner.getByText('shall it go on?').waitFor()
  await teller.look('story-6-approval')
  await banner.getByLabel(words.comment).fill('tasted it, 可以')
  await teller.button(words.approve, banner).click()
  await banner.waitFor({ state: 'detached' })
}

async function fail(teller: Teller, w: Words): Promise<void> {
  const { page } = teller
  await teller.heading(new RegExp(w.common.status.failed)).waitFor()
  await step(teller, 'ask').click()
  await page.getByRole('tab', { name: w.runs.step.details }).click()
  await page.getByText('“tasted it, 可以”').waitFor()
  await teller.look('story-7-who-approved')
  await step(teller, 'check').click()
  await line(teller, 'not mended yet').waitFor()
  await teller.look('story-8-failed')
}

/** The steps before it are not done again: they are as they were, logs included. */
async function retry(teller: Teller, w: Words): Promise<void> {
  const { page } = teller
  const words = w.runs.act
  const before = page.url()
  await teller.button(words.retryFrom).click()
  await teller
    .dialog()
    .getByText(fill(words.retryFromHelp, { step: 'check' }))
    .waitFor()
  await teller.button(words.retry, teller.dialog()).click()
  await page.waitForURL(url => url.pathname !== new URL(before).pathname)
  await teller.heading(new RegExp(w.common.status.success)).waitFor()
  const run = await teller.ask<{ steps: { name: string; status: string; attempts: unknown[] }[] }>(
    'GET',
    `runs/${page.url().match(/runs\/([^?/]+)/)?.[1]}`,
  )
  expectSame(
    'how the steps of the retry ended',
    run.steps.map(one => `${one.name} ${one.status}`),
    ['greet success', 'count success', 'ask success', 'check success', 'done success'],
  )
  await step(teller, 'check').click()
  await line(teller, 'mended').waitFor()
  await step(teller, 'count').click()
  await page.getByText(w.runs.step.carried).waitFor()
  await teller.look('story-9-retried')
  await page.getByRole('link', { name: w.runs.step.carriedLog }).click()
  await line(teller, 'line 40').waitFor()
}

async function statistics(teller: Teller, w: Words, name: string): Promise<void> {
  const { page } = teller
  const words = w.pipelines.statistics
  await page.locator('main').getByRole('link', { name, exact: true }).click()
  await teller.heading(name).waitFor()
  const number = (label: string) =>
    page
      .locator('.numbers > div', { has: page.locator('dt', { hasText: label }) })
      .locator('dd')
      .textContent()
  await page.locator('.numbers').waitFor()
  expectSame('runs and failures', [await number(words.runs), (await number(words.failureRate))?.trim()], ['2', '50%'])
  const row = page.locator('.step-table tr', { hasText: 'check' })
  await row.getByText(/^50\s?%$/).waitFor()
  await row.scrollIntoViewIfNeeded()
  await teller.look('story-12-statistics')
}
