import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { makeQueryClient } from './api/queryClient'
import { Root } from './components/Root'
import { applyTheme } from './components/theme'
import { startI18n } from './i18n/i18n'
import { paths } from './lib/paths'
import { makeRouter } from './routes'
import './styles/tokens.css'
import './styles/base.css'
import './styles/layout.css'
import './styles/ui.css'
import './styles/records.css'

applyTheme()

const client = makeQueryClient(() => {
  const { pathname, href } = router.latestLocation
  // Before sign-in nobody is expected to be known; the route's guard leads there.
  if (pathname === '/login' || pathname === '/setup' || router.state.matches.length === 0) return
  client.removeQueries({ queryKey: ['auth'] })
  void router.navigate(paths.login({ next: href }))
})
const router = makeRouter(client)

const place = document.getElementById('root')
if (!place) throw new Error('the page has no place to draw in')

await startI18n()
createRoot(place).render(
  <StrictMode>
    <Root client={client}>
      <RouterProvider router={router} />
    </Root>
  </StrictMode>,
)
