// Every page, light and dark, wide and on a phone, with something on it: it shows, it is accessible, a picture is kept.

import { furnish } from './furnish'
import type { Story } from './teller'

const WIDE = { width: 1280, height: 800 }
const PHONE = { width: 375, height: 812 }

export const pages: Story = async teller => {
  await teller.signIn()
  await furnish(teller)
  const { page } = teller
  const pipeline = await teller.idOf('pipelines?search=tea-house')
  const nightly = await teller.idOf('pipelines?search=nightly')
  // Others, of earlier stories, are away by now.
  const cluster = await teller.idOf('kubernetes/clusters', 'simulated')
  const run = await teller.idOf(`runs?pipeline=${pipeline}`)
  const places: [string, string][] = [
    ['dashboard', '/'],
    ['pipelines', '/pipelines'],
    ['pipeline-new', '/pipelines/new'],
    ['pipeline', `/pipelines/${pipeline}`],
    ['pipeline-triggers', `/pipelines/${nightly}`],
    ['pipeline-run', `/pipelines/${pipeline}?run=true`],
    ['pipeline-edit', `/pipelines/${pipeline}/edit?step=upload`],
    ['pipeline-versions', `/pipelines/${pipeline}/versions`],
    ['runs', '/runs'],
    ['run', `/runs/${run}`],
    ['run-graph', `/runs/${run}?view=graph`],
    ['run-details', `/runs/${run}?step=upload&tab=details`],
    ['run-artifacts', `/runs/${run}?step=handbook&tab=artifacts`],
    ['triggers', '/triggers'],
    ['notifications', '/notifications'],
    ['registries', '/registries'],
    ['registry-new', '/registries?edit=new'],
    ['clusters', '/clusters'],
    ['cluster-new', '/clusters/new'],
    ['cluster', `/clusters/${cluster}`],
    ['objects', `/clusters/${cluster}/objects/nodes`],
    ['objects-new', `/clusters/${cluster}/create?kind=jobs`],
    ['object', `/clusters/${cluster}/objects/nodes/-/node-1`],
    ['secrets', '/secrets'],
    ['secrets-git', '/secrets?tab=git'],
    ['audit', '/audit'],
    ['account', '/account'],
    ['account-sessions', '/account?tab=sessions'],
    ['account-tokens', '/account?tab=tokens'],
    ['settings', '/settings'],
    ['not-found', '/nowhere'],
  ]
  for (const [name, path] of places) {
    await page.setViewportSize(WIDE)
    await teller.go(path)
    await page.getByRole('heading').first().waitFor()
    // The demo has a simulated cluster, and no page of the frame keeps quiet about it.
    if (name !== 'not-found') await page.getByText(teller.w.common.simulated.badge, { exact: true }).waitFor()
    await teller.look(`page-${name}-light`)
    // Colours know no language.
    if (teller.language === 'en') {
      await page.emulateMedia({ colorScheme: 'dark' })
      await teller.look(`page-${name}-dark`)
      await page.emulateMedia({ colorScheme: 'light' })
    }
    await page.setViewportSize(PHONE)
    await page.reload()
    await page.getByRole('heading').first().waitFor()
    await teller.look(`page-${name}-phone`)
  }
}
