// A cluster with thousands of pods: the list is scrolled, searched and followed without ever drawing them all.

import { Simulated } from './simulated'
import { expectSame, type Story, type Teller } from './teller'
import { fill } from './words'

const SPACE = 'plantation'
const PODS = 1_000
/** Rows that are drawn at once: those in sight and some around them. */
const DRAWN = 100

export const manyPods: Story = async teller => {
  const far = await Simulated.start('--nodes', '20')
  try {
    await far.namespace(SPACE)
    await far.deployment(SPACE, 'leaf', PODS)
    await teller.signIn()
    const id = await far.stored(teller, `plantation-${teller.language}`)
    await scroll(teller, id)
    await narrow(teller, far)
  } finally {
    await far.end()
  }
}

const rows = ({ page }: Teller) => page.locator('tr[data-object]')

async function scroll(teller: Teller, id: string): Promise<void> {
  const { page, w } = teller
  await teller.go(`/clusters/${id}/objects/pods?namespace=${SPACE}`)
  const whole = fill(w.kube.list.count_other, { count: PODS })
  await page.getByText(whole, { exact: true }).waitFor({ timeout: 120_000 })
  await page.getByText(w.kube.list.live, { exact: true }).waitFor()
  // From the top to the end, a screen at a time; how long the longest frame was is told, not judged.
  const seen = await page.evaluate(async () => {
    const box = document.querySelector<HTMLElement>('.object-table.many')
    if (!box) throw new Error('the list does not scroll by itself')
    const names = new Set<string>()
    let [most, longest, last] = [0, 0, performance.now()]
    const frame = () =>
      new Promise<void>(done =>
        requestAnimationFrame(now => {
          longest = Math.max(longest, now - last)
          last = now
          done()
        }),
      )
    for (let at = 0; at <= box.scrollHeight; at += box.clientHeight / 2) {
      box.scrollTop = at
      await frame()
      await frame()
      const drawn = [...box.querySelectorAll<HTMLElement>('tr[data-object]')]
      most = Math.max(most, drawn.length)
      for (const row of drawn) names.add(row.dataset.object ?? '')
    }
    return { names: names.size, most, longest: Math.round(longest) }
  })
  console.log(`        ${PODS} pods: at most ${seen.most} rows were drawn, the longest frame took ${seen.longest} ms`)
  if (seen.most > DRAWN) throw new Error(`${seen.most} rows were drawn at once`)
  // Pods come and go while they are scrolled past; nearly all of them came by.
  if (seen.names < PODS * 0.98) throw new Error(`only ${seen.names} of ${PODS} pods came by`)
  await teller.picture('objects-many')
}

async function narrow(teller: Teller, far: Simulated): Promise<void> {
  const { page, w } = teller
  const name = await rows(teller).last().getAttribute('data-object')
  if (!name) throw new Error('the last row has no name')
  const search = page.getByRole('textbox', { name: w.kube.list.search })
  await search.fill(name)
  await page.waitForFunction(() => document.querySelectorAll('tr[data-object]').length === 1)
  expectSame('the row that was searched', await rows(teller).first().getAttribute('data-object'), name)
  await search.fill('')
  await page.getByText(fill(w.kube.list.count_other, { count: PODS }), { exact: true }).waitFor()
  // The list goes on to tell what happens in the cluster.
  const containers = [{ name: 'late', image: 'busybox:1.36', command: ['sleep', '3600'] }]
  const late = { metadata: { name: 'a-late-one' }, spec: { containers } }
  await far.ask('POST', `/api/v1/namespaces/${SPACE}/pods`, late)
  await page.getByText(fill(w.kube.list.count_other, { count: PODS + 1 }), { exact: true }).waitFor()
}
