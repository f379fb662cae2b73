// Clusters, by each way to sign in: a wrong authority and what is said of it, the right one, who one is there; then what
// is seen of them, and one that goes away.

import { Simulated } from './simulated'
import type { Story, Teller } from './teller'
import { fill } from './words'

export const clusters: Story = async teller => {
  const far = await Simulated.start()
  try {
    await teller.signIn()
    const name = (method: string) => `tea-${method}-${teller.language}`
    await mistake(teller, far, name('kubeconfig'))
    await byToken(teller, far, name('token'))
    await byCertificate(teller, far, name('certificate'))
    await overview(teller, name('kubeconfig'))
    await away(teller, far, name('token'))
    await leave(teller, [name('kubeconfig'), name('token'), name('certificate')])
  } finally {
    await far.end()
  }
}

const result = ({ page, w }: Teller) => page.getByRole('region', { name: w.kube.check.title })
const method = (teller: Teller, which: 'token' | 'kubeconfig' | 'certificate' | 'in_cluster') =>
  teller.page.locator('.ant-segmented-item', { hasText: teller.w.kube.form[which].title }).click()

/** The authority of another cluster: nothing is stored before it is right. */
async function mistake(teller: Teller, far: Simulated, name: string): Promise<void> {
  const { page, w } = teller
  const words = w.kube
  await teller.go('/')
  await page.getByRole('navigation').getByRole('link', { name: w.common.nav.clusters }).click()
  await teller.heading(words.title).waitFor()
  await teller.button(words.add).click()
  await teller.heading(words.add).waitFor()
  await page.getByLabel(words.form.name, { exact: true }).fill(name)
  await method(teller, 'kubeconfig')
  const text = page.getByRole('textbox', { name: words.form.kubeconfig.label, exact: true })
  await text.fill('apiVersion: v1\n')
  await page.getByText(words.form.kubeconfig.unreadable).waitFor()
  await text.fill(far.wrongKubeconfig)
  await page.getByRole('combobox', { name: words.form.kubeconfig.context }).waitFor()
  await teller.button(words.act.test).click()
  await result(teller).getByText(words.trouble.tls, { exact: true }).waitFor()
  await teller.look('cluster-wrong-ca')
  // What does not work is not stored by mistake.
  await page
    .getByRole('button', { name: words.form.save, exact: true })
    .and(page.locator('[aria-disabled="true"]'))
    .waitFor()
  await text.fill(far.kubeconfig)
  await result(teller).getByText(words.form.changedSince).waitFor()
  await stored(teller, name)
}

/** Tests, saves, and is led to the cluster. */
async function stored(teller: Teller, name: string): Promise<void> {
  const { page, w } = teller
  await teller.button(w.kube.act.test).click()
  await result(teller).getByText(w.kube.check.ok).waitFor()
  await teller.look(`cluster-tested-${name.split('-')[1]}`)
  await teller.button(w.kube.form.save).click()
  await teller.heading(name).waitFor()
  await page.getByText(w.kube.state.connected).first().waitFor()
}

async function begin(teller: Teller, name: string): Promise<void> {
  const { page, w } = teller
  await teller.go('/clusters/new')
  await page.getByLabel(w.kube.form.name, { exact: true }).fill(name)
}

async function byToken(teller: Teller, far: Simulated, name: string): Promise<void> {
  const { page, w } = teller
  const words = w.kube.form
  await begin(teller, name)
  await method(teller, 'token')
  await page.getByLabel(words.server, { exact: true }).fill(far.server)
  await page.getByLabel(words.token.label, { exact: true }).fill('not-a-token')
  await page.getByLabel(words.ca, { exact: true }).fill(far.ca)
  await teller.button(w.kube.act.test).click()
  await result(teller).getByText(w.kube.trouble.unauthorized, { exact: true }).waitFor()
  await page.getByLabel(words.token.label, { exact: true }).fill(await far.token(`deployer-${teller.language}`))
  await stored(teller, name)
  await page.getByText(`system:serviceaccount:default:deployer-${teller.language}`).first().waitFor()
}

async function byCertificate(teller: Teller, far: Simulated, name: string): Promise<void> {
  const { page, w } = teller
  const words = w.kube.form
  await begin(teller, name)
  await method(teller, 'certificate')
  await page.getByLabel(words.server, { exact: true }).fill(far.server)
  await page.getByRole('textbox', { name: words.certificate.label, exact: true }).fill(far.certificate)
  await page.getByLabel(words.certificate.key, { exact: true }).fill(far.key)
  await page.getByLabel(words.ca, { exact: true }).fill(far.ca)
  await page.getByRole('checkbox', { name: words.verify }).uncheck()
  await page.getByRole('alert').getByText(words.verifyOff).waitFor()
  await page.getByRole('checkbox', { name: words.verify }).check()
  await stored(teller, name)
}

async function overview(teller: Teller, name: string): Promise<void> {
  const { page, w } = teller
  await teller.go('/clusters')
  const card = page.locator(`[data-cluster="${name}"]`)
  await card.getByText(w.kube.state.connected).waitFor()
  await card.getByText(w.kube.simulated, { exact: true }).waitFor()
  await teller.look('clusters')
  await page.emulateMedia({ colorScheme: 'dark' })
  await teller.look('clusters-dark')
  await page.emulateMedia({ colorScheme: 'light' })
  await page.setViewportSize({ width: 375, height: 812 })
  await teller.look('clusters-phone')
  await page.setViewportSize({ width: 1280, height: 800 })
  await card.getByRole('link', { name }).click()
  await page.getByRole('heading', { name: w.kube.overview.health }).waitFor()
  await page.getByText('node-1', { exact: true }).first().waitFor()
  await teller.look('cluster-overview')
}

/** A cluster that is switched off is said to be so, with why. */
async function away(teller: Teller, far: Simulated, name: string): Promise<void> {
  const { page, w } = teller
  await far.end()
  await teller.go('/clusters')
  await teller.button(`${w.kube.act.test} ${name}`).click()
  const card = page.locator(`[data-cluster="${name}"]`)
  await card.getByText(w.kube.state.disconnected).waitFor({ timeout: 60_000 })
  await card.getByText('connection refused').waitFor()
  await teller.look('cluster-away')
}

async function leave(teller: Teller, names: string[]): Promise<void> {
  const { page, w } = teller
  for (const name of names) {
    await teller.button(`${w.common.action.delete} ${name}`).click()
    // This one's: the last one's may still be on its way out.
    const dialog = page.getByRole('dialog').filter({ hasText: fill(w.kube.act.removeQuestion, { name }) })
    await dialog.getByText(w.kube.act.removeHelp).waitFor()
    await teller.button(w.common.action.delete, dialog).click()
    await page.locator(`[data-cluster="${name}"]`).waitFor({ state: 'detached' })
  }
}
