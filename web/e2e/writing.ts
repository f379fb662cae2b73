// The part of a pipeline's day that is spent in the editor: its first text, a mistake, a second version.

import type { Teller } from './teller'
import { fill, type Words } from './words'

const editorText = (teller: Teller) => teller.page.locator('.cm-content').first()

export async function write(teller: Teller, w: Words, text: string): Promise<void> {
  const { page } = teller
  await teller.go('/pipelines/new')
  await page.getByText(w.pipelines.create.template.shell.title, { exact: true }).click()
  const editor = editorText(teller)
  await editor.click()
  await page.keyboard.press('Control+A')
  await page.keyboard.press('Delete')
  await page.keyboard.insertText(text)
  // The wrong word is underlined where it stands, and named below with what to do.
  await page.locator('.cm-lintRange-error', { hasText: 'comand' }).first().waitFor()
  const problems = page.getByRole('region', { name: w.pipelines.editor.problemList })
  await problems.getByText('step `greet` has no key `comand`'.replaceAll('`', '')).waitFor()
  await teller.look('story-1-mistake')
}

/** In the form, of which the text is the other view. */
export async function mend(teller: Teller, w: Words): Promise<void> {
  const { page } = teller
  const words = w.pipelines.editor
  const steps = page.getByRole('navigation', { name: words.steps })
  await steps.getByRole('button', { name: /greet/ }).first().click()
  const form = page.getByRole('region', { name: fill(words.stepNamed, { name: 'greet' }) })
  await teller.button(fill(words.writeInstead, { word: 'command' }), form).click()
  await editorText(teller).getByText('command: echo "welcome, {{ guest }}"').waitFor()
  await page.getByRole('status').getByText(words.valid).waitFor()
  await page.locator('.cm-lintRange-error').first().waitFor({ state: 'detached' })
  await teller.look('story-2-mended')
}

export async function create(teller: Teller, w: Words, name: string): Promise<void> {
  await teller.button(w.pipelines.edit.saveNew).click()
  await teller.heading(name).waitFor()
  await teller.look('story-3-stored')
}

/** A second version, made in a field of the form. */
export async function change(teller: Teller, w: Words, name: string): Promise<void> {
  const { page } = teller
  const words = w.pipelines.edit
  await page.locator('main').getByRole('link', { name, exact: true }).first().click()
  await teller.button(w.common.action.edit).click()
  const steps = page.getByRole('navigation', { name: w.pipelines.editor.steps })
  await steps.getByRole('button', { name: /done/ }).first().click()
  await page.locator('[data-field="command"] textarea').fill('echo all is well')
  await editorText(teller).getByText('command: echo all is well').waitFor()
  await page.getByText(words.unsaved, { exact: true }).waitFor()
  await teller.button(words.save).click()
  await teller.dialog().getByLabel(words.note).fill('a better end')
  await teller.look('story-10-save')
  await teller.button(words.save, teller.dialog()).click()
  await page.getByText(words.allSaved, { exact: true }).waitFor()
  await page.locator('main').getByRole('link', { name, exact: true }).first().click()
  await teller.heading(name).waitFor()
}

export async function compare(teller: Teller, w: Words): Promise<void> {
  const { page } = teller
  const words = w.pipelines.versions
  await page.getByRole('link', { name: words.all }).click()
  await page.getByRole('heading', { name: fill(words.between, { from: 1, to: 2 }) }).waitFor()
  await page.getByText('a better end').waitFor()
  await page.locator('.cm-merge-a .cm-changedLine', { hasText: 'command: echo all done' }).waitFor()
  await page.locator('.cm-merge-b .cm-changedLine', { hasText: 'command: echo all is well' }).waitFor()
  await teller.look('story-11-versions')
}
