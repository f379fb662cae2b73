// A server that nobody has set up: the code on its console lets the first administrator in, once.

import { Server } from './server'
import { expectSame, type Story } from './teller'

const EMPTY = [
  '/',
  '/pipelines',
  '/runs',
  '/triggers',
  '/notifications',
  '/registries',
  '/secrets',
  '/account?tab=tokens',
]

export const firstStart: Story = async (teller, w) => {
  const { page } = teller
  const words = w.common.setup
  const server = await Server.start()
  try {
    teller.place = { address: server.address, user: 'grace', password: 'a kettle of tea' }
    teller.expectRefusal('401 GET /api/v1/auth/me')
    teller.expectRefusal('422 POST /api/v1/auth/setup')
    await teller.go('/')
    await teller.heading(words.title).waitFor()
    await teller.look('setup')

    const field = (label: string) => page.getByLabel(label, { exact: true })
    await field(words.code).fill('WRON-GWRO-NGWR')
    await field(words.name).fill(teller.place.user)
    await field(words.password).fill('too short')
    await field(words.again).fill('another')
    await teller.button(words.submit).click()
    await page.locator('.ant-form-item-explain-error', { hasText: words.passwordShort }).waitFor()
    await page.locator('.ant-form-item-explain-error', { hasText: words.againDiffers }).waitFor()
    await teller.look('setup-refused')
    await page.emulateMedia({ colorScheme: 'dark' })
    await teller.look('setup-refused-dark')
    await page.emulateMedia({ colorScheme: 'light' })

    await field(words.password).fill(teller.place.password)
    await field(words.again).fill(teller.place.password)
    await teller.button(words.submit).click()
    await page.locator('.ant-form-item-explain-error', { hasText: 'this is not the one-time code' }).waitFor()
    await teller.look('setup-wrong-code')
    await field(words.code).fill(server.code)
    await teller.button(words.submit).click()
    await teller.heading(w.common.nav.dashboard).waitFor()
    await page.getByText(w.runs.dashboard.welcome).waitFor()
    for (const path of EMPTY) {
      await teller.go(path)
      await page.getByRole('heading').first().waitFor()
      await teller.look(`empty-${path.replaceAll(/\W+/g, '-').replace(/^-$/, '-dashboard').slice(1)}`)
    }

    const me = await teller.ask<{ name: string; role: string }>('GET', 'auth/me')
    expectSame('who was set up', [me.name, me.role], [teller.place.user, 'admin'])
    await teller.go('/setup')
    await page.getByText(words.done).waitFor()
  } finally {
    await server.end()
  }
}
