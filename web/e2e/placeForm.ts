// Where a step on a cluster works, in its form: cluster, namespace and name are offered as they are there; another cluster
// empties what belonged to the first.

import { Simulated } from './simulated'
import { expectSame, type Story, type Teller } from './teller'
import { fill, type Words } from './words'

const text = (name: string) => `name: ${name}
steps:
  - name: more
    type: k8s_scale
    config:
      replicas: 3
`

export const placeForm: Story = async (teller, w) => {
  const [north, south] = [await Simulated.start(), await Simulated.start()]
  const { page, language } = teller
  const [first, other] = [`north-${language}`, `south-${language}`]
  try {
    await north.namespace('meadow')
    await north.deployment('meadow', 'sheep', 1)
    await north.deployment('meadow', 'goats', 1)
    await south.namespace('beach')
    await south.deployment('beach', 'crabs', 1)
    await teller.signIn()
    await north.stored(teller, first)
    await south.stored(teller, other)
    await write(teller, w, text(`place-${language}`))

    await offered(teller, 'cluster', first)
    await offered(teller, 'namespace', 'meadow', 'beach')
    await offered(teller, 'resource_name', 'goats', 'crabs')
    const editor = page.locator('.cm-content').first()
    for (const line of [`cluster: ${first}`, 'namespace: meadow', 'resource_name: goats']) {
      await editor.getByText(line, { exact: true }).waitFor()
    }
    await teller.look('step-place')

    await offered(teller, 'cluster', other)
    await page.getByText(fill(w.kube.field.reset_other, { names: 'namespace, resource_name' })).waitFor()
    await editor.getByText('namespace: meadow').waitFor({ state: 'detached' })
    await editor.getByText('resource_name: goats').waitFor({ state: 'detached' })
    expectSame('the namespace', await field(teller, 'namespace').inputValue(), '')
    await teller.look('step-place-reset')
    await offered(teller, 'namespace', 'beach', 'meadow')
    await offered(teller, 'resource_name', 'crabs', 'goats')
    await editor.getByText('resource_name: crabs', { exact: true }).waitFor()
    await page.getByRole('status').getByText(w.pipelines.editor.valid).waitFor()
  } finally {
    await Promise.all([north.end(), south.end()])
  }
}

async function write(teller: Teller, w: Words, whole: string): Promise<void> {
  const { page } = teller
  await teller.go('/pipelines/new')
  await page.getByText(w.pipelines.create.template.shell.title, { exact: true }).click()
  await page.locator('.cm-content').first().click()
  await page.keyboard.press('Control+A')
  await page.keyboard.press('Delete')
  await page.keyboard.insertText(whole)
  const steps = page.getByRole('navigation', { name: w.pipelines.editor.steps })
  await steps.getByRole('button', { name: /more/ }).first().click()
  await page.getByRole('region', { name: fill(w.pipelines.editor.stepNamed, { name: 'more' }) }).waitFor()
}

const field = ({ page }: Teller, key: string) => page.locator(`[data-field="${key}"] input`).first()

/** Chooses what is offered; `not` is not, because it is in the other cluster. */
async function offered(teller: Teller, key: string, value: string, not?: string): Promise<void> {
  const { page } = teller
  await field(teller, key).click()
  const options = page.locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option')
  const option = options.filter({ has: page.getByText(value, { exact: true }) })
  await option.waitFor()
  if (not) expectSame(`offers of ${not}`, await options.filter({ hasText: not }).count(), 0)
  await option.click()
}
