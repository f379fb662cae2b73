// A rollout on its way is seen by two: who comes in the middle of it sees what the first one sees, and who loses the
// connection sees it again.

import type { Page, WebSocketRoute } from 'playwright-core'
import { startRun } from './runs'
import { expectSame, type Story, type Teller } from './teller'

/** What the demo calls its simulated cluster. */
const CLUSTER = 'simulated'

/** One pod is there at once; those of the new version wait until the story opens a gate, which is a missing ConfigMap. */
const text = (name: string) => `name: ${name}
steps:
  - name: deploy
    type: k8s_deploy
    config:
      cluster: ${CLUSTER}
      namespace: default
      timeout: 300
      manifest_content: |
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: ${name} }
        spec:
          replicas: 3
          selector: { matchLabels: { app: ${name} } }
          template:
            metadata:
              labels: { app: ${name} }
            spec:
              containers:
                - name: app
                  image: busybox:1.36
                  command: [sh, -c, "until [ -e /tmp/open ]; do sleep 1; done; sleep 3600"]
                  readinessProbe:
                    exec: { command: [test, -e, /tmp/open] }
                    periodSeconds: 1
                    failureThreshold: 600
`

export const twoViewers: Story = async (teller, w) => {
  const { page } = teller
  const name = `duet-${teller.language}`
  await teller.signIn()
  const wires = await cuttable(page)
  const { path } = await startRun(teller, text(name))
  await teller.go(path)
  await page.locator('.pod-square').nth(2).waitFor()
  await page.getByText(w.kube.rollout.live, { exact: true }).waitFor()

  const second = await teller.context.newPage()
  try {
    await second.goto(teller.place.address + path)
    await second.locator('.pod-square').nth(2).waitFor()
    await same('who comes later', second, page)

    // The connection is cut under the first: it says so, and comes back to the same picture.
    await cut(wires)
    await page.getByText(w.kube.rollout.live, { exact: true }).waitFor()
    await same('after the connection was lost', page, second)
    await teller.look('rollout-two-viewers')

    await open(teller, name)
    for (const one of [page, second]) {
      await one.getByRole('region', { name: w.kube.verdict.ready, exact: true }).waitFor()
      await one.waitForFunction(() => document.querySelectorAll('.pod-square[data-state="ready"]').length === 3)
    }
    await same('at the end', second, page)
    await page.reload()
    await page.locator('.pod-square').nth(2).waitFor()
    await same('after a reload', page, second)
  } finally {
    await second.close()
  }
}

/** The WebSockets of a page, through a middle man who can hang up. */
async function cuttable(page: Page): Promise<WebSocketRoute[]> {
  const wires: WebSocketRoute[] = []
  await page.routeWebSocket(/\/api\/v1\//, wire => {
    wire.connectToServer()
    wires.push(wire)
  })
  return wires
}

async function cut(wires: WebSocketRoute[]): Promise<void> {
  const before = wires.length
  if (before === 0) throw new Error('the page has no WebSocket')
  for (const wire of wires) await wire.close({ code: 4000, reason: 'the cable was pulled' })
  for (let tries = 0; wires.length === before; tries += 1) {
    if (tries === 300) throw new Error('the page did not come back')
    await new Promise(done => setTimeout(done, 100))
  }
}

const squares = (page: Page) =>
  page
    .locator('.pod-square')
    .evaluateAll(all => all.map(one => `${one.getAttribute('data-state')} ${one.getAttribute('aria-label')}`))

/** News reaches two pages one after the other: what counts is that they agree in the end. */
async function same(when: string, one: Page, other: Page): Promise<void> {
  let seen: [string[], string[]] = [[], []]
  for (let tries = 0; tries < 100; tries += 1) {
    seen = [await squares(one), await squares(other)]
    if (seen[0].length > 0 && JSON.stringify(seen[0]) === JSON.stringify(seen[1])) return
    await new Promise(done => setTimeout(done, 100))
  }
  expectSame(when, seen[0], seen[1])
}

/** Lets the pods become ready, by a command in each. */
async function open(teller: Teller, name: string): Promise<void> {
  const { items } = await teller.ask<{ items: { name: string }[] }>(
    'GET',
    `kubernetes/pods?cluster_id=${CLUSTER}&namespace=default&labels=app%3D${name}`,
  )
  await teller.page.evaluate(
    async ([cluster, pods]) => {
      for (const pod of pods) {
        const query = new URLSearchParams({ cluster_id: cluster, namespace: 'default', container: 'app' })
        for (const word of ['touch', '/tmp/open']) query.append('command', word)
        const address = new URL(`/api/v1/kubernetes/pods/${pod}/exec?${query}`, location.href)
        address.protocol = 'ws:'
        await new Promise<void>(done => {
          const socket = new WebSocket(address)
          socket.addEventListener('close', () => done())
        })
      }
    },
    [CLUSTER, items.map(one => one.name)] as const,
  )
}
