// Registries, from the first one to the images in it: a wrong password and its cause, what is in it, a link to a tag, and
// what is said when it is away.

import { noRegistry, PASSWORD, Registry, USER } from './registry'
import { Server } from './server'
import { expectSame, type Story, type Teller } from './teller'

export const registries: Story = async teller => {
  const why = noRegistry()
  if (why) {
    console.log(`NOT TESTED: REGISTRIES IN THE BROWSER. ${why}`)
    return
  }
  const [server, registry] = await Promise.all([Server.start(), Registry.start()])
  try {
    teller.place = { address: server.address, user: 'grace', password: 'a kettle of tea' }
    const { user: name, password } = teller.place
    await teller.ask('POST', 'auth/setup', { code: server.code, name, password })
    await Promise.all(['v1.9.0', 'v1.10.0'].map(tag => registry.put('team/shop', tag)))
    const digest = await registry.put('team/shop', 'latest', ['linux/amd64', 'linux/arm64'])
    await registry.put('team/tea-house', 'v1')

    await add(teller, registry.address)
    await mend(teller)
    await browse(teller, registry, digest)
    await inAPipeline(teller)
    await hub(teller)
    await away(teller, registry)
    await leave(teller)
  } finally {
    await Promise.all([server.end(), registry.end()])
  }
}

async function add(teller: Teller, address: string): Promise<void> {
  const { page, w } = teller
  const words = w.registries
  await teller.go('/')
  await page.getByRole('navigation').getByRole('link', { name: w.common.nav.registries }).click()
  await page.getByRole('heading', { name: words.none }).waitFor()
  await teller.look('registries-none')
  await teller.button(words.add).click()
  await page.waitForURL(/edit=new/)
  const dialog = await teller.opened()
  const field = (label: string) => dialog.getByLabel(label, { exact: true })
  await field(words.form.name).fill('tea')
  await field(words.form.username).fill(USER)
  await teller.button(w.common.action.save, dialog).click()
  await dialog.getByText(words.form.addressNeeded).waitFor()
  await dialog.getByText(words.form.passwordNeeded).waitFor()
  await teller.look('registry-form')
  await field(words.form.address).fill(address)
  await field(words.form.password).fill('not the password')
  await teller.button(w.common.action.save, dialog).click()
  // It is asked at once, and says itself what is wrong.
  const row = page.getByRole('listitem').filter({ hasText: address })
  await row.getByText(words.check.failed).waitFor()
  await row.getByText('does not accept the login (401)').waitFor()
  await dialog.waitFor({ state: 'hidden' })
  await teller.look('registries-refused')
}

async function mend(teller: Teller): Promise<void> {
  const { page, w } = teller
  const words = w.registries
  await teller.button(`${w.common.action.edit} tea`).click()
  await page.waitForURL(/edit=reg_/)
  const dialog = await teller.opened()
  await dialog.getByLabel(words.form.password, { exact: true }).fill(PASSWORD)
  await teller.button(w.common.action.save, dialog).click()
  const row = page.getByRole('listitem').filter({ hasText: 'tea' })
  await row.getByText(words.check.ok).waitFor()
  await teller.button(`${words.act.makeDefault} tea`).click()
  await row.getByText(words.isDefault, { exact: true }).waitFor()
  await dialog.waitFor({ state: 'hidden' })
  await teller.look('registries')
}

async function browse(teller: Teller, registry: Registry, digest: string): Promise<void> {
  const { page, w } = teller
  const words = w.registries
  await page.getByRole('link', { name: `${words.images} tea` }).click()
  await page.getByRole('link', { name: 'team/tea-house' }).waitFor()
  await teller.look('registry')
  await page.getByRole('textbox', { name: words.repositories.search }).fill('SHOP')
  await page.getByRole('link', { name: 'team/tea-house' }).waitFor({ state: 'detached' })
  await page.getByRole('link', { name: 'team/shop' }).click()
  const names = page.locator('.tag-name')
  await names.first().waitFor()
  expectSame('the order of tags', await names.allTextContents(), ['latest', 'v1.10.0', 'v1.9.0'])
  await page.locator('.tag-row', { hasText: 'latest' }).getByText(digest.slice(0, 19)).waitFor()
  await teller.look('registry-tags')

  await page.getByRole('link', { name: 'latest' }).click()
  await page.waitForURL(/tag=latest/)
  // What the address says is there again for whoever is sent the link.
  await page.reload()
  await page.getByText(`docker pull ${registry.address}/team/shop:latest`, { exact: true }).waitFor()
  await page.getByText(`docker pull ${registry.address}/team/shop@${digest}`, { exact: true }).waitFor()
  await page.getByText('linux/amd64, linux/arm64').waitFor()
  expectSame('the digest', digest, await registry.digest('team/shop', 'latest'))
  await teller.look('registry-tag')
  await page.emulateMedia({ colorScheme: 'dark' })
  await teller.look('registry-tag-dark')
  await page.emulateMedia({ colorScheme: 'light' })
  await page.setViewportSize({ width: 375, height: 812 })
  await teller.look('registry-tag-phone')
  await page.getByRole('link', { name: words.repositories.back }).click()
  await teller.look('registry-phone')
  await page.setViewportSize({ width: 1280, height: 800 })
}

/** A step's form offers what is stored. */
async function inAPipeline(teller: Teller): Promise<void> {
  const { page, w } = teller
  const words = w.pipelines.editor
  const text =
    'name: images\nsteps:\n  - name: push\n    type: docker_push\n    config: { image: shop, registry: unknown }\n'
  const { id } = await teller.ask<{ id: string }>('POST', 'pipelines', { text, note: '' })
  await teller.go(`/pipelines/${id}/edit?step=push`)
  const field = page.locator('[data-field="registry"]')
  await field.getByText('there is no registry unknown').waitFor()
  await field.locator('input').click()
  // The list that has a role is for those who cannot see the other.
  await page.locator('.ant-select-item-option', { hasText: 'tea' }).first().click()
  await page.locator('.cm-content').getByText('registry: tea').waitFor()
  await page.getByRole('status').getByText(words.valid).waitFor()
  await teller.look('registry-in-form')
}

/** It does not tell what it has; nobody asks it anything here. */
async function hub(teller: Teller): Promise<void> {
  const { page, w } = teller
  const words = w.registries.repositories
  const hub = { kind: 'dockerhub', name: 'hub', address: '', insecure: false, username: '', password: null }
  const { id } = await teller.ask<{ id: string }>('POST', 'docker/registries', hub)
  teller.expectRefusal(`409 GET /api/v1/docker/registries/${id}/repositories`)
  await teller.go(`/registries/${id}`)
  await page.getByText(words.notOffered).waitFor()
  await teller.look('registry-hub')
}

async function away(teller: Teller, registry: Registry): Promise<void> {
  const { page, w } = teller
  const words = w.registries
  await registry.end()
  await teller.go('/registries')
  await teller.button(`${words.act.test} tea`).click()
  await page.getByText('connection refused').waitFor()
  const { items } = await teller.ask<{ items: { id: string; name: string }[] }>('GET', 'docker/registries')
  const id = items.find(one => one.name === 'tea')?.id
  teller.expectRefusal(`502 GET /api/v1/docker/registries/${id}/repositories`)
  await page.getByRole('link', { name: `${words.images} tea` }).click()
  await page.getByRole('alert').getByText(w.common.error.registry).waitFor()
  await teller.look('registry-away')
}

async function leave(teller: Teller): Promise<void> {
  const { page, w } = teller
  const words = w.registries
  await teller.go('/registries')
  await teller.button(`${w.common.action.delete} tea`).click()
  await teller.dialog().getByText(words.act.removeDefaultHelp).waitFor()
  await teller.look('registry-delete')
  await teller.button(w.common.action.delete, teller.dialog()).click()
  await page.getByRole('link', { name: 'tea', exact: true }).waitFor({ state: 'detached' })
}
