// Every story in both languages, in Chromium: `ANSFLOW_BIN=… node e2e/run.mjs e2e/stories.ts [a part of a title]`.
// Pictures are in test-results/. The last line counts, and the exit code says whether all went well.

import type { Browser } from 'playwright-core'
import { clusters } from './clusters'
import { type Demo, startDemo } from './demo'
import { firstStart } from './firstStart'
import { imageRun } from './imageRun'
import { keyboard } from './keyboard'
import { open } from './look'
import { making } from './making'
import { manyPods } from './manyPods'
import { objects } from './objects'
import { pages } from './pages'
import { placeForm } from './placeForm'
import { registries } from './registries'
import { rollout } from './rollout'
import { cancelling, linkToLine } from './runs'
import { signingIn } from './signIn'
import { survival } from './survival'
import { type Story, Teller } from './teller'
import { twoViewers } from './twoViewers'
import { type Language, words } from './words'
import { workday } from './workday'

const STORIES: [string, Story][] = [
  ['the first start', firstStart],
  ['signing in', signingIn],
  ['from a mistake to statistics', workday],
  ['a link to a line', linkToLine],
  ['cancelling', cancelling],
  ['registries and their images', registries],
  ['an image of a run', imageRun],
  ['clusters', clusters],
  ['what is in a cluster', objects],
  ['what is made in a cluster', making],
  ['thousands of pods', manyPods],
  ['a rollout and its cause', rollout],
  ['a rollout seen by two', twoViewers],
  ['where a step works', placeForm],
  ['without a mouse', keyboard],
  ['the server is killed', survival],
  ['every page', pages],
]

async function tell(browser: Browser, demo: Demo, language: Language, name: string, story: Story): Promise<boolean> {
  const title = `${name} (${language})`
  const began = Date.now()
  const teller = await Teller.begin(browser, demo, language, words[language])
  const pictureOfFailure = `failed-${name.replaceAll(' ', '-')}`
  try {
    await story(teller, teller.w)
    teller.expectNoTrouble()
    console.log(`ok      ${title} ${((Date.now() - began) / 1000).toFixed(1)} s`)
    return true
  } catch (error) {
    await teller.picture(pictureOfFailure).catch(() => undefined)
    console.error(`FAILED  ${title}\n${error instanceof Error ? error.stack : error}`)
    return false
  } finally {
    await teller.end()
  }
}

const [, , wanted = ''] = process.argv
const demo = await startDemo()
const browser = await open()
try {
  const told = STORIES.filter(([name]) => name.includes(wanted))
  // Both languages at once, as two people would: there are two processors at least.
  const results = await Promise.all(
    (['en', 'zh'] as const).map(async language => {
      const well: boolean[] = []
      for (const [name, story] of told) well.push(await tell(browser, demo, language, name, story))
      return well
    }),
  )
  const passed = results.flat().filter(well => well).length
  const failed = results.flat().length - passed
  // In the form of Cargo's last line, so that it is counted with the other tests.
  console.log(`test result: ${failed === 0 ? 'ok' : 'FAILED'}. ${passed} passed; ${failed} failed`)
  process.exitCode = failed === 0 && passed > 0 ? 0 : 1
} finally {
  await browser.close()
  await demo.end()
}
