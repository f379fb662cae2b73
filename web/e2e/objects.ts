// What is in a cluster: found, scaled, restarted, changed as text, its logs read, a command run in one of its pods.

import { Simulated } from './simulated'
import { still } from './still'
import { expectSame, type Story, type Teller } from './teller'
import { fill } from './words'

const SPACE = 'tea-house'

export const objects: Story = async teller => {
  const far = await Simulated.start()
  try {
    await far.namespace(SPACE)
    await far.deployment(SPACE, 'kettle', 2)
    await far.deployment(SPACE, 'cups', 1)
    await teller.signIn()
    const id = await far.stored(teller, `house-${teller.language}`)
    await browse(teller, id)
    await scale(teller)
    await restart(teller)
    await edit(teller)
    await history(teller)
    await logs(teller, id)
    await terminal(teller)
  } finally {
    await far.end()
  }
}

const line = (teller: Teller, name: string) => teller.page.locator(`tr[data-object="${name}"]`)

async function browse(teller: Teller, id: string): Promise<void> {
  const { page, w } = teller
  await teller.go(`/clusters/${id}`)
  await teller.button(w.kube.act.browse).click()
  await teller.heading(w.kube.kindName.deployments).waitFor()
  await line(teller, 'kettle').getByText('2/2').waitFor()
  await page.getByText(w.kube.list.live, { exact: true }).waitFor()
  await teller.look('objects')
  await page.getByRole('textbox', { name: w.kube.list.search }).fill('CUP')
  await line(teller, 'kettle').waitFor({ state: 'detached' })
  await line(teller, 'cups').waitFor()
  await page.setViewportSize({ width: 375, height: 812 })
  await teller.look('objects-phone')
  await page.setViewportSize({ width: 1280, height: 800 })
  await page.getByRole('textbox', { name: w.kube.list.search }).fill('')
  await line(teller, 'kettle').getByRole('link').click()
  await teller.heading(/kettle/).waitFor()
  await page
    .getByRole('link', { name: /^Pod\/kettle-/ })
    .first()
    .waitFor()
  await teller.look('object')
}

async function scale(teller: Teller): Promise<void> {
  const { page, w } = teller
  await teller.button(w.kube.do.scale).click()
  const dialog = await teller.opened()
  await dialog.getByLabel(w.kube.do.replicas).fill('3')
  await teller.button(w.kube.do.scale, dialog).click()
  await dialog.waitFor({ state: 'hidden' })
  await page.waitForFunction(() => document.querySelectorAll('.tree .tree .tree-node').length === 3)
}

async function restart(teller: Teller): Promise<void> {
  const { page, w } = teller
  await teller.button(w.kube.do.restart).click()
  await teller.button(w.kube.do.restart, teller.dialog()).click()
  await page.getByText(w.kube.do.restarted).waitFor()
}

/** A number is changed in the text, looked at as the cluster would have it, and saved. */
async function edit(teller: Teller): Promise<void> {
  const { page, w } = teller
  await page.getByRole('tab', { name: w.kube.object.yaml, exact: true }).click()
  // While its pods are replaced the cluster counts on; the page takes that in.
  teller.expectRefusal('409 PUT /api/v1/kubernetes/deployments/kettle')
  const editor = page.locator('.yaml-editor .cm-content')
  await editor.getByText('replicas: 3').waitFor()
  await editor.getByText('replicas: 3').click()
  await page.keyboard.press('End')
  await page.keyboard.press('Backspace')
  await page.keyboard.type('4')
  await teller.button(w.kube.edit.review).click()
  await page.locator('.diff .cm-content').getByText('replicas: 4').first().waitFor()
  await teller.look('object-review')
  await teller.button(w.kube.edit.save).click()
  await page.getByText(w.kube.edit.saved).waitFor()
  await editor.getByText('replicas: 4').waitFor()
  await teller.look('object-yaml')
}

async function history(teller: Teller): Promise<void> {
  const { page, w } = teller
  await page.getByRole('tab', { name: w.kube.object.history, exact: true }).click()
  await teller.button(w.kube.do.compare).first().click()
  await page.locator('.diff .cm-content').first().waitFor()
  await teller.look('object-history')
  // Back to the first one, which is the third then; its pods are the first one's.
  await teller.button(w.kube.do.rollback).first().click()
  await teller.button(w.kube.do.rollback, teller.dialog()).click()
  await page.getByText(w.kube.do.rolledBack).waitFor()
  const third = page.getByRole('listitem').filter({ hasText: fill(w.kube.do.revision, { revision: 3 }) })
  await third.getByText(w.kube.do.current, { exact: true }).waitFor()
  await page.getByText(fill(w.kube.do.revision, { revision: 1 }), { exact: true }).waitFor({ state: 'detached' })
  await teller.look('object-rolled-back')
}

async function logs(teller: Teller, id: string): Promise<void> {
  const { page, w } = teller
  await page.getByRole('tab', { name: w.kube.object.logs, exact: true }).click()
  await page.getByRole('region', { name: w.kube.logs.label }).getByText('tea is ready').first().waitFor()
  await teller.look('object-logs')
  await teller.go(`/clusters/${id}/objects/pods?namespace=${SPACE}&search=cups`)
  await page.locator('tr[data-object^="cups-"]').getByRole('link').click()
  await teller.heading(/cups-/).waitFor()
}

async function terminal(teller: Teller): Promise<void> {
  const { page, w } = teller
  await page.getByRole('tab', { name: w.kube.object.terminal, exact: true }).click()
  await teller.button(w.kube.terminal.start).click()
  await page.getByText(w.kube.terminal.open, { exact: true }).waitFor()
  await page.keyboard.type('echo tea-$((40 + 2))\n')
  await page.locator('.xterm-rows').getByText('tea-42').waitFor()
  await still(page)
  await teller.picture('object-terminal')
  await page.keyboard.type('exit 3\n')
  await page.getByText(w.kube.terminal.exit.replace('{{code}}', '3')).waitFor()
  expectSame('the tab', new URL(page.url()).searchParams.get('tab'), 'terminal')
}
