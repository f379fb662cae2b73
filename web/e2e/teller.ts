// What stories are told with: a browser's page, the words of its language, pictures, and what went wrong on the way.

import { mkdirSync, readFileSync } from 'node:fs'
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core'
import { still } from './still'
import type { Language, Words } from './words'

/** Where a server answers, and who may sign in. */
export interface Place {
  address: string
  user: string
  password: string
}
export type Story = (teller: Teller, w: Words) => Promise<void>

const PATIENCE = 30_000
const AXE = readFileSync('node_modules/axe-core/axe.min.js', 'utf8')

export class Teller {
  private readonly trouble: string[] = []
  private readonly refusals = new Set<string>()
  private away = false

  private constructor(
    public place: Place,
    readonly language: Language,
    readonly w: Words,
    readonly context: BrowserContext,
    readonly page: Page,
  ) {}

  static async begin(browser: Browser, place: Place, language: Language, w: Words): Promise<Teller> {
    const locale = language === 'zh' ? 'zh-CN' : 'en-GB'
    const context = await browser.newContext({ locale, viewport: { width: 1280, height: 800 } })
    const page = await context.newPage()
    page.setDefaultTimeout(PATIENCE)
    const teller = new Teller(place, language, w, context, page)
    page.on('pageerror', error => teller.trouble.push(`the page failed: ${error.message}`))
    page.on('response', response => {
      const asked = `${response.request().method()} ${new URL(response.url()).pathname}`
      if (response.status() < 400 || teller.refusals.has(`${response.status()} ${asked}`)) return
      teller.trouble.push(`${response.status()} ${asked}`)
    })
    page.on('console', message => {
      const said = message.text()
      if (message.type() !== 'error' || (teller.away && said.includes('net::ERR_'))) return
      // Of answers that are refusals we know more than the console says.
      if (!said.startsWith('Failed to load resource: the server responded')) {
        teller.trouble.push(`the console says: ${said}`)
      }
    })
    return teller
  }

  /** An answer that belongs to the story, such as `401 POST /api/v1/auth/login`. */
  expectRefusal(answer: string): void {
    this.refusals.add(answer)
  }

  /** From now on the server may be away: a browser's console complains of each attempt to reach it. */
  expectAbsence(): void {
    this.away = true
  }

  async signIn(): Promise<void> {
    this.expectRefusal('401 GET /api/v1/auth/me')
    await this.go('/')
    await this.fillSignIn(this.place.password)
    await this.heading(this.w.common.nav.dashboard).waitFor()
  }

  async fillSignIn(password: string): Promise<void> {
    const { page } = this
    const { signIn } = this.w.common
    await page.getByLabel(signIn.name).fill(this.place.user)
    await page.getByLabel(signIn.password, { exact: true }).fill(password)
    await this.button(signIn.submit).click()
  }

  async go(path: string): Promise<void> {
    await this.page.goto(this.place.address + path)
  }

  heading(name: string | RegExp): Locator {
    return this.page.getByRole('heading', { level: 1, name })
  }

  button(name: string, within: Page | Locator = this.page): Locator {
    const escaped = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    // An icon before the word has a name too.
    return within.getByRole('button', { name: new RegExp(`^(\\S+ )?${escaped}$`) })
  }

  dialog(): Locator {
    return this.page.getByRole('dialog')
  }

  /** A dialogue that has opened, with the focus where it puts it: what is typed before may go to another field. */
  async opened(): Promise<Locator> {
    const dialog = this.dialog()
    await dialog.waitFor()
    await still(this.page)
    return dialog
  }

  /** What the API answers to this browser's session. */
  async ask<Answer>(method: 'GET' | 'POST' | 'PUT', path: string, data?: unknown): Promise<Answer> {
    const url = `${this.place.address}/api/v1/${path}`
    const headers = { Origin: this.place.address }
    const answer = await this.page.request.fetch(url, { method, headers, ...(data === undefined ? {} : { data }) })
    if (!answer.ok()) throw new Error(`${method} ${path}: ${answer.status()} ${await answer.text()}`)
    return answer.json()
  }

  /** The id of the first thing in a list of the API, or of the first of this name. */
  async idOf(list: string, name?: string): Promise<string> {
    const page = await this.ask<{ items: { id: string; name?: string }[] }>('GET', list)
    const id = page.items.find(item => name === undefined || item.name === name)?.id
    if (id === undefined) throw new Error(`there are no ${list}`)
    return id
  }

  async picture(name: string): Promise<void> {
    mkdirSync('test-results', { recursive: true })
    await this.page.screenshot({ path: `test-results/${name}-${this.language}.png` })
  }

  /** A picture of a page that is whole; nothing serious for who cannot see or uses no mouse; no sideways scrolling. */
  async look(name: string): Promise<void> {
    await still(this.page)
    await this.picture(name)
    await this.page.evaluate(AXE)
    const found = await this.page.evaluate<{ id: string; impact: string; nodes: { html: string }[] }[]>(
      'axe.run(document, { resultTypes: ["violations"] }).then(result => result.violations)',
    )
    const bad = found.filter(({ impact }) => impact === 'serious' || impact === 'critical')
    const list = bad.map(
      one => `axe on ${name}, ${one.id}: ${one.nodes.map(node => node.html.slice(0, 200)).join(' | ')}`,
    )
    const wide = await this.page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    )
    if (wide > 0) list.push(`${name} scrolls sideways by ${wide} px`)
    // All of them are told at the end, rather than the first only.
    this.trouble.push(...list)
  }

  expectNoTrouble(): void {
    if (this.trouble.length > 0) throw new Error(this.trouble.join('\n'))
  }

  async end(): Promise<void> {
    await this.context.close()
  }
}

/** Says what was seen instead, where something should be equal. */
export function expectSame(what: string, seen: unknown, wanted: unknown): void {
  const [is, should] = [JSON.stringify(seen), JSON.stringify(wanted)]
  if (is !== should) throw new Error(`${what}: ${is} is not ${should}`)
}
