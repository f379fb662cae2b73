// Pictures of a page with the API faked: `node e2e/run.mjs e2e/look.ts NAME /path [light,dark,zh,phone]`
// against `npx vite --port 5199` (or LOOK_AT=http://…). They are put into test-results/, with axe's findings on stdout.

import { readFileSync } from 'node:fs'
import { type Browser, chromium, type Page } from 'playwright-core'
import { fakeApi } from './fake'
import { NOW } from './fixtures'
import { fakeMonitor, kubeAnswers } from './kubeAnswers'

export const BASE = process.env.LOOK_AT ?? 'http://127.0.0.1:5199'

export const open = (): Promise<Browser> =>
  chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--no-first-run',
      '--disable-component-update',
      '--disable-sync',
    ],
  })

const LOOKS = {
  light: { viewport: { width: 1280, height: 800 }, colorScheme: 'light', locale: 'en-GB' },
  dark: { viewport: { width: 1280, height: 800 }, colorScheme: 'dark', locale: 'en-GB' },
  zh: { viewport: { width: 1280, height: 800 }, colorScheme: 'light', locale: 'zh-CN' },
  phone: { viewport: { width: 375, height: 812 }, colorScheme: 'light', locale: 'en-GB' },
} as const
export type Look = keyof typeof LOOKS

export async function newPage(browser: Browser, look: Look): Promise<Page> {
  const context = await browser.newContext({ ...LOOKS[look], timezoneId: 'Europe/Berlin' })
  const page = await context.newPage()
  await page.clock.install({ time: NOW })
  page.on('console', message => {
    if (message.type() === 'error' || message.type() === 'warning') console.log(`  ${message.type()}:`, message.text())
  })
  page.on('pageerror', error => console.log('  page error:', error.message))
  return page
}

/** What axe finds that is serious or critical, and whether the page scrolls sideways. */
export async function findings(page: Page): Promise<string[]> {
  await page.evaluate(readFileSync('node_modules/axe-core/axe.min.js', 'utf8'))
  const found: { id: string; impact: string; nodes: { html: string }[] }[] = await page.evaluate(
    'axe.run(document, { resultTypes: ["violations"] }).then(result => result.violations)',
  )
  const out = found
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, impact, nodes }) => `axe ${impact} ${id}: ${nodes.map(node => node.html.slice(0, 160)).join(' | ')}`)
  const wide = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')
  if (Number(wide) > 0) out.push(`the page scrolls sideways by ${wide} px`)
  return out
}

const [, file, name, path, looks = 'light,dark,zh,phone'] = process.argv
if (file?.includes('e2e-look') && name && path) {
  const browser = await open()
  for (const look of looks.split(',') as Look[]) {
    const page = await newPage(browser, look)
    await fakeApi(page, kubeAnswers)
    await fakeMonitor(page)
    await page.goto(BASE + path)
    await page.waitForLoadState('networkidle')
    await page.clock.runFor(400)
    await page.waitForTimeout(300)
    await page.screenshot({ path: `test-results/${name}-${look}.png` })
    for (const finding of await findings(page)) console.log(look, finding)
    await page.context().close()
  }
  await browser.close()
}
