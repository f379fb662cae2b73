// What is made in a cluster out of YAML, with a mistake that is shown where it is; held back and resumed; a Secret whose
// value is seen by who asks for it only, which is written down; several restarted and deleted at once; one that goes away
// while somebody looks at it; and the credential by which all of that was done is renewed.

import { Simulated } from './simulated'
import { expectSame, type Story, type Teller } from './teller'
import { fill } from './words'

const SPACE = 'kitchen'
const VALUE = 'oolong-of-the-third-flush'

const text = (mistake: boolean) => `apiVersion: batch/v1
kind: CronJob
metadata:
  name: brew
${mistake ? 'spec:schedule: "0 3 * * *"' : 'spec:\n  schedule: "0 3 * * *"'}
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
          containers: [{ name: brew, image: busybox:1.36, command: [echo, tea] }]
---
apiVersion: v1
kind: ConfigMap
metadata: { name: recipe }
data: { leaves: two spoons }
`

export const making: Story = async teller => {
  const far = await Simulated.start()
  const name = `kitchen-${teller.language}`
  try {
    await far.namespace(SPACE)
    await teller.signIn()
    const id = await far.stored(teller, name)
    await make(teller, id)
    await suspend(teller, id)
    await reveal(teller, far, id)
    await several(teller, far, id)
    await gone(teller, far, id)
    await renew(teller, far, id, name)
    await written(teller, name)
  } finally {
    await far.end()
  }
}

async function make(teller: Teller, id: string): Promise<void> {
  const { page, w } = teller
  const words = w.kube.create
  await teller.go(`/clusters/${id}/objects/cronjobs?namespace=${SPACE}`)
  await page.getByText(w.kube.list.none, { exact: true }).waitFor()
  await teller.button(words.action).click()
  await teller.heading(words.title).waitFor()
  const editor = page.locator('.yaml-editor .cm-content')
  await editor.getByText('kind: CronJob').waitFor()
  await teller.look('create')
  const write = async (whole: string) => {
    await editor.click()
    await page.keyboard.press('Control+A')
    await page.keyboard.insertText(whole)
  }
  await write(text(true))
  teller.expectRefusal('422 POST /api/v1/kubernetes/objects')
  await teller.button(words.check).click()
  await page
    .getByRole('alert')
    .getByText(/^line [56]: /)
    .waitFor()
  expectSame('the marked line', await page.locator('.cm-chosen').count(), 1)
  await teller.look('create-mistake')
  await write(text(false))
  await teller.button(words.check).click()
  await page.getByText('CronJob/brew', { exact: true }).waitFor()
  await page.getByText('ConfigMap/recipe', { exact: true }).waitFor()
  // What the cluster adds by itself is seen before anything is made.
  await page.locator('.diff .cm-content').getByText('dnsPolicy: ClusterFirst').waitFor()
  await teller.look('create-review')
  await teller.button(fill(words.submit_other, { count: 2 })).click()
  await page.locator('tr[data-object="brew"]').getByRole('link').click()
  await teller.heading(/brew/).waitFor()
}

async function suspend(teller: Teller, id: string): Promise<void> {
  const { page, w } = teller
  const words = w.kube.do
  await page.getByText('0 3 * * *', { exact: true }).waitFor()
  await teller.button(words.suspend).click()
  await teller.button(words.suspend, teller.dialog()).click()
  await teller.button(words.resume).waitFor()
  await page.getByText(w.kube.fact.suspended, { exact: true }).waitFor()
  await teller.look('object-suspended')
  await teller.button(words.resume).click()
  await teller.button(words.suspend).waitFor()
  await teller.go(`/clusters/${id}/objects/configmaps/${SPACE}/recipe`)
  await page.getByText('two spoons', { exact: true }).waitFor()
}

async function reveal(teller: Teller, far: Simulated, id: string): Promise<void> {
  const { page, w } = teller
  const secret = { metadata: { name: 'cellar' }, stringData: { key: VALUE, other: 'never asked for' } }
  await far.ask('POST', `/api/v1/namespaces/${SPACE}/secrets`, secret)
  await teller.go(`/clusters/${id}/objects/secrets/${SPACE}/cellar`)
  const values = page.getByRole('region', { name: w.kube.secret.title })
  await values.getByText('••••••••').first().waitFor()
  await page.getByRole('tab', { name: w.kube.object.yaml, exact: true }).click()
  await page.locator('.yaml-editor .cm-content').getByText('<hidden: ').first().waitFor()
  const hidden = async () => (await page.content()).includes(VALUE)
  expectSame('the value is on the page before it is asked for', await hidden(), false)
  await page.getByRole('tab', { name: w.kube.object.summary, exact: true }).click()
  await teller.look('secret-hidden')
  await teller.button(`${w.kube.secret.reveal} key`).click()
  await teller.dialog().getByText(w.kube.secret.revealHelp).waitFor()
  await teller.button(w.kube.secret.reveal, teller.dialog()).click()
  await values.getByText(VALUE, { exact: true }).waitFor()
  expectSame('values that are still hidden', await values.getByText('••••••••').count(), 1)
  await teller.look('secret-shown')
  await teller.button(w.kube.secret.hide, values).click()
  expectSame('values that are hidden again', await values.getByText('••••••••').count(), 2)
}

/** Two are chosen out of three, restarted, then deleted; the third stays. */
async function several(teller: Teller, far: Simulated, id: string): Promise<void> {
  const { page, w } = teller
  for (const name of ['green', 'black', 'white']) await far.deployment(SPACE, name, 1)
  await teller.go(`/clusters/${id}/objects/deployments?namespace=${SPACE}`)
  const row = (name: string) => page.locator(`tr[data-object="${name}"]`)
  const choose = async () => {
    for (const name of ['green', 'black']) await row(name).getByRole('checkbox').check()
    await page.getByText(fill(w.kube.list.chosen_other, { count: 2 })).waitFor()
  }
  await row('white').waitFor()
  await choose()
  await teller.look('objects-chosen')
  const list = page.getByRole('region', { name: w.kube.kindName.deployments, exact: true })
  await teller.button(w.kube.do.restart, list).click()
  await teller.button(w.kube.do.restart, teller.dialog()).click()
  await page.getByText(w.kube.do.restarted).waitFor()
  await teller.dialog().waitFor({ state: 'hidden' })
  await choose()
  await teller.button(w.kube.do.remove, list).click()
  await teller.button(w.kube.do.remove, teller.dialog()).click()
  for (const name of ['green', 'black']) await row(name).waitFor({ state: 'detached' })
  await row('white').waitFor()
}

/** Somebody else deletes what is looked at: the page says so, and what was seen last stands. */
async function gone(teller: Teller, far: Simulated, id: string): Promise<void> {
  const { page, w } = teller
  await teller.go(`/clusters/${id}/objects/deployments/${SPACE}/white`)
  await teller.heading(/white/).waitFor()
  await teller.button(w.kube.do.scale).waitFor()
  teller.expectRefusal('404 GET /api/v1/kubernetes/deployments/white')
  await far.ask('DELETE', `/apis/apps/v1/namespaces/${SPACE}/deployments/white`)
  await page.getByText(w.kube.object.gone, { exact: true }).waitFor()
  await teller.button(w.kube.do.scale).waitFor({ state: 'detached' })
  await page.getByText('app=white').first().waitFor()
  await teller.look('object-gone')
}

async function renew(teller: Teller, far: Simulated, id: string, name: string): Promise<void> {
  const { page, w } = teller
  const words = w.kube.token
  await teller.go(`/clusters/${id}`)
  const card = page.getByRole('region', { name: words.title, exact: true })
  await teller.button(words.check, card).click()
  await card.getByText(words.accepted).waitFor()
  await teller.button(words.rotate, card).click()
  const dialog = await teller.opened()
  await dialog.getByText(fill(words.rotateTitle, { name })).waitFor()
  await dialog.getByText(/^kubectl .* create token /).waitFor()
  await teller.look('cluster-rotate')
  const field = dialog.getByLabel(words.fresh, { exact: true })
  await field.fill('no-token-at-all')
  await teller.button(words.submit, dialog).click()
  await dialog.getByRole('alert').getByText(w.kube.trouble.unauthorized, { exact: true }).waitFor()
  await teller.look('cluster-rotate-refused')
  await field.fill(await far.token('steward'))
  await teller.button(words.submit, dialog).click()
  await dialog.waitFor({ state: 'hidden' })
  await page.getByText('system:serviceaccount:default:steward').first().waitFor()
  await card.getByText(words.accepted).waitFor()
}

/** Whatever was done stands in the audit log, without the value that was shown. */
async function written(teller: Teller, name: string): Promise<void> {
  const { page, w } = teller
  await page.getByRole('navigation').getByRole('link', { name: w.common.nav.audit }).click()
  await teller.heading(w.audit.title).waitFor()
  const entry = (action: string, object: string) =>
    page.locator(`[data-action="${action}"]`, { hasText: name }).filter({ hasText: object }).first()
  await entry('secret.reveal', 'Secret/cellar').waitFor()
  for (const [action, object] of [
    ['object.create', '2 objects'],
    ['object.suspend', 'CronJob/brew'],
    ['object.restart', 'Deployment/green'],
    ['object.delete', 'Deployment/black'],
  ] as const)
    await entry(action, object).waitFor()
  expectSame('the value is in the audit log', (await page.content()).includes(VALUE), false)
  await teller.button(w.audit.verify).click()
  await page
    .getByRole('status')
    .getByText(w.audit.intact_other.split('{{count}}')[0] ?? '')
    .waitFor()
  await teller.look('audit')
  await page.getByRole('textbox', { name: w.audit.object }).fill('CELLAR')
  await page.locator('[data-action="object.delete"]').first().waitFor({ state: 'detached' })
  await entry('secret.reveal', 'Secret/cellar').waitFor()
  await page.setViewportSize({ width: 375, height: 812 })
  await teller.look('audit-phone')
  await page.setViewportSize({ width: 1280, height: 800 })
}
