// A deploy with a slip in the image's tag: its cause is read on the run page while kubectl would still wait; who comes
// later, or reloads, sees the same picture.

import { startRun } from './runs'
import { expectSame, type Story, type Teller } from './teller'

/** What the demo calls its simulated cluster. */
const CLUSTER = 'simulated'
/** From the start of the run to the cause on the page. */
const SOON = 10_000

const text = (pipeline: string, name: string, image: string) => `name: ${pipeline}
steps:
  - name: deploy
    type: k8s_deploy
    config:
      cluster: ${CLUSTER}
      namespace: default
      deployment_spec: { name: ${name}, image: "${image}", replicas: 2 }
`

export const rollout: Story = async (teller, w) => {
  const { page } = teller
  await teller.signIn()
  const name = `shop-${teller.language}`

  const well = await startRun(teller, text(`${name}-well`, name, 'nginx:1.22'))
  await teller.go(well.path)
  await teller.heading(new RegExp(w.common.status.success)).waitFor()
  await verdict(teller, w.kube.verdict.ready).waitFor()
  await teller.look('rollout-ready')

  const began = Date.now()
  const slip = await startRun(teller, text(`${name}-slip`, name, 'nginx:1.22.nosuch'))
  await teller.go(slip.path)
  await page.getByText(w.kube.rollout.waiting, { exact: true }).first().waitFor()
  await teller.picture('rollout-waiting')
  const card = verdict(teller, w.kube.verdict.failed)
  await card.getByText(w.kube.causes.image_pull).waitFor()
  const took = Date.now() - began
  if (took > SOON) throw new Error(`the cause was there after ${took} ms only`)
  await teller.heading(new RegExp(w.common.status.failed)).waitFor()
  await card.locator('summary').click()
  await teller.look('rollout-failed')
  const seen = await picture(teller)
  if (seen.length === 0) throw new Error('no pods are drawn')

  await page.reload()
  await card.getByText(w.kube.causes.image_pull).waitFor()
  await page.locator('.pod-square').first().waitFor()
  expectSame('the picture after a reload', await picture(teller), seen)
  await page.emulateMedia({ colorScheme: 'dark' })
  await teller.look('rollout-dark')
  await page.emulateMedia({ colorScheme: 'light' })
  await page.setViewportSize({ width: 375, height: 812 })
  await teller.look('rollout-phone')
  await page.setViewportSize({ width: 1280, height: 800 })

  // The log has the same sentence, and the verdict leads to the pod.
  await page.getByRole('tab', { name: w.runs.step.log, exact: true }).click()
  await page.locator('.log').getByText('image_pull').first().waitFor()
  await page.getByRole('tab', { name: w.kube.rollout.tab, exact: true }).click()
  await card.getByRole('link', { name: /^Pod\// }).click()
  await teller.heading(new RegExp(`^${name}-`)).waitFor()
  await teller.look('rollout-pod')
}

const verdict = ({ page }: Teller, name: string) => page.getByRole('region', { name, exact: true })

const picture = ({ page }: Teller) =>
  page
    .locator('.pod-square')
    .evaluateAll(squares => squares.map(one => `${one.getAttribute('data-state')} ${one.getAttribute('aria-label')}`))
