// An image from its build to its tag: a run builds and pushes it with a real daemon to a real registry, says what it is
// called for ever, and leads to it.

import { spawnSync } from 'node:child_process'
import { noRegistry, PASSWORD, Registry, USER } from './registry'
import { startRun } from './runs'
import { Server } from './server'
import { expectSame, type Story } from './teller'

/** Each language has an image of its own: there is one daemon for both. */
const text = (image: string) => `name: shop
steps:
  - name: files
    type: script
    script: |
      printf 'FROM scratch\\nCOPY hello /hello\\n' > Dockerfile
      echo hello > hello
  - name: image
    type: docker_build
    config: { image: ${image}, tag: "{{ build_number }}", pull: false }
  - name: push
    type: docker_push
    config: { registry: tea }
`

function noDaemon(): string | null {
  const there = process.env.DOCKER_HOST && spawnSync('docker', ['version'], { stdio: 'ignore' }).status === 0
  return there ? null : 'NO DOCKER DAEMON THAT TESTS MAY USE; scripts/browser.sh STARTS ONE WHERE IT CAN'
}

export const imageRun: Story = async (teller, w) => {
  const { page } = teller
  const image = `team/shop-${teller.language}`
  const why = noRegistry() ?? noDaemon()
  if (why) {
    console.log(`NOT TESTED: AN IMAGE OF A RUN IN THE BROWSER. ${why}`)
    return
  }
  const [server, registry] = await Promise.all([Server.start(), Registry.start()])
  try {
    teller.place = { address: server.address, user: 'grace', password: 'a kettle of tea' }
    const { user: name, password } = teller.place
    await teller.ask('POST', 'auth/setup', { code: server.code, name, password })
    const tea = { kind: 'private', name: 'tea', address: registry.address, insecure: false, username: USER }
    await teller.ask('POST', 'docker/registries', { ...tea, password: PASSWORD })
    const { path } = await startRun(teller, text(image))
    await teller.go(`${path}?step=push&tab=outputs`)
    await teller.heading(new RegExp(w.common.status.success)).waitFor({ timeout: 120_000 })

    const digest = await registry.digest(image, '1')
    const shown = page.getByRole('region', { name: w.registries.image.title })
    await shown.getByText(`${registry.address}/${image}:1`, { exact: true }).waitFor()
    await shown.getByText(`docker pull ${registry.address}/${image}@${digest}`, { exact: true }).waitFor()
    await teller.look('run-image')
    await page.emulateMedia({ colorScheme: 'dark' })
    await teller.look('run-image-dark')
    await page.emulateMedia({ colorScheme: 'light' })
    await page.setViewportSize({ width: 375, height: 812 })
    await teller.look('run-image-phone')
    await page.setViewportSize({ width: 1280, height: 800 })

    await shown.getByRole('link', { name: 'tea' }).click()
    await page.getByText(`docker pull ${registry.address}/${image}@${digest}`, { exact: true }).waitFor()
    expectSame('the place that the run leads to', new URL(page.url()).searchParams.get('tag'), '1')
    await teller.look('run-image-at-registry')
    await page.goBack()
    await page.locator('.step-row', { hasText: 'image' }).click()
    await page.getByRole('tab', { name: w.runs.step.outputs }).click()
    await shown
      .getByText(/^sha256:[0-9a-f]{64}$/)
      .first()
      .waitFor()
    await teller.look('run-image-built')
  } finally {
    await Promise.all([server.end(), registry.end()])
  }
}
