// Everything that matters is reached and left by keyboard, and one sees where one is.

import { expectSame, type Story, type Teller } from './teller'
import { fill } from './words'

export const keyboard: Story = async (teller, w) => {
  const { page, place } = teller
  const { signIn, nav } = w.common
  teller.expectRefusal('401 GET /api/v1/auth/me')
  await teller.go('/')
  await page.getByLabel(signIn.name).waitFor()
  await page.keyboard.type(place.user)
  await page.keyboard.press('Tab')
  await page.keyboard.type(place.password)
  await page.keyboard.press('Enter')
  await teller.heading(nav.dashboard).waitFor()

  // From the top of a page past the navigation to what one came for.
  await teller.go('/pipelines')
  await page.getByRole('link', { name: 'tea-house' }).first().waitFor()
  await page.keyboard.press('Tab')
  expectSame('where the first Tab leads', await focused(teller), nav.skip)
  await teller.look('keyboard-skip-link')
  await page.keyboard.press('Enter')
  await tabTo(teller, w.pipelines.create.title)
  await page.keyboard.press('g')
  await page.keyboard.press('r')
  await teller.heading(w.runs.title).waitFor()
  await page.keyboard.press('g')
  await page.keyboard.press('p')
  await teller.heading(w.pipelines.title).waitFor()
  await page.keyboard.press('/')
  await page.keyboard.type('tea-house')
  await page.getByRole('link', { name: 'nightly' }).first().waitFor({ state: 'detached' })

  // A dialogue takes the focus, Esc closes it and gives the focus back.
  await page.keyboard.press('Escape')
  await page.getByRole('link', { name: 'tea-house' }).first().focus()
  await page.keyboard.press('Enter')
  await teller.heading('tea-house').waitFor()
  await teller.button(w.pipelines.edit.run).waitFor()
  await tabTo(teller, w.pipelines.edit.run)
  await page.keyboard.press('Enter')
  await teller
    .dialog()
    .getByText(fill(w.pipelines.run.title, { name: 'tea-house' }))
    .waitFor()
  await page.waitForFunction(() => document.querySelector('[role="dialog"]')?.contains(document.activeElement))
  await page.keyboard.press('Escape')
  await teller.dialog().waitFor({ state: 'detached' })
  await page.waitForFunction(name => document.activeElement?.textContent?.includes(name), w.pipelines.edit.run)

  await inTheEditor(teller)
}

/** Tab indents there, so Esc lets it lead out; the editor says so nowhere, but CodeMirror's users know. */
async function inTheEditor(teller: Teller): Promise<void> {
  const { page, w } = teller
  await tabTo(teller, w.common.action.edit)
  await page.keyboard.press('Enter')
  const text = page.locator('.cm-content')
  await text.focus()
  await page.keyboard.press('Control+End')
  // At once: what is typed slowly is undone in several goes.
  await page.keyboard.insertText('# by hand')
  await page.getByText(w.pipelines.edit.unsaved, { exact: true }).waitFor()
  await page.keyboard.press('Control+s')
  await teller.dialog().getByLabel(w.pipelines.edit.note).waitFor()
  await page.waitForFunction(() => document.activeElement?.id === 'version-note')
  await page.keyboard.press('Escape')
  await teller.dialog().waitFor({ state: 'hidden' })
  await text.focus()
  await page.keyboard.press('Escape')
  await page.keyboard.press('Tab')
  await page.waitForFunction(() => document.activeElement?.closest('.cm-editor') === null)
  await text.focus()
  await page.keyboard.press('Control+z')
  await page.getByText(w.pipelines.edit.allSaved, { exact: true }).waitFor()
}

const focused = ({ page }: Teller) =>
  page.evaluate(() => {
    const one = document.activeElement
    return one?.getAttribute('aria-label') ?? one?.textContent?.trim() ?? ''
  })

/** Presses Tab until this has the focus; on the way each place shows that it has it. */
async function tabTo(teller: Teller, name: string): Promise<void> {
  const passed: string[] = []
  while (passed.length < 40) {
    await teller.page.keyboard.press('Tab')
    const now = await focused(teller)
    const marked = await teller.page.evaluate(() => {
      const look = document.activeElement ? getComputedStyle(document.activeElement) : null
      return look !== null && (look.outlineStyle !== 'none' || look.boxShadow !== 'none')
    })
    // An input's frame is drawn by the box around it.
    if (!marked && !(await teller.page.evaluate(() => document.activeElement?.matches('input, textarea, select')))) {
      throw new Error(`one does not see that “${now}” has the focus`)
    }
    if (now === name) return
    passed.push(now)
  }
  throw new Error(`Tab does not lead to “${name}”, but to: ${passed.join(', ')}`)
}
