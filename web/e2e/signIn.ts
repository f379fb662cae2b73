// Who is not signed in is asked to, is told when the password is wrong, and comes to where they wanted to go.

import type { Story } from './teller'

export const signingIn: Story = async (teller, w) => {
  const { page } = teller
  teller.expectRefusal('401 GET /api/v1/auth/me')
  teller.expectRefusal('401 POST /api/v1/auth/login')
  await teller.go('/secrets?tab=git')
  await page.getByText(w.common.signIn.ended).waitFor()
  await teller.look('sign-in')

  await teller.fillSignIn('not the password')
  await page.getByRole('alert').getByText(w.common.signIn.wrong).waitFor()
  await teller.look('sign-in-wrong')
  await page.emulateMedia({ colorScheme: 'dark' })
  await teller.look('sign-in-wrong-dark')
  await page.emulateMedia({ colorScheme: 'light' })

  await teller.fillSignIn(teller.place.password)
  await teller.heading(w.settings.secrets.title).waitFor()
  await page.getByRole('tab', { name: w.settings.git.tab, selected: true }).waitFor()

  await page.getByRole('button', { name: new RegExp(`${teller.place.user}`) }).click()
  await page.getByRole('menuitem', { name: w.common.nav.signOut }).click()
  await teller.heading(w.common.signIn.title).waitFor()
  await teller.go('/secrets')
  await page.getByText(w.common.signIn.ended).waitFor()
}
