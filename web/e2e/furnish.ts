// What a demo does not have, so that no page is seen only when it is empty.

import type { Teller } from './teller'

export async function furnish(teller: Teller): Promise<void> {
  const secret = { value: 'a value that no page shows', description: 'signs the tea leaves' }
  await teller.ask('PUT', 'secrets/LEAF_KEY', secret)
  const credential = { host: `git-${teller.language}.example.com`, kind: 'password', username: 'bot', secret: 'hidden' }
  await teller.ask('POST', 'git-credentials', credential)
  const url = 'https://chat.example.com/hooks/tea'
  const notification = { name: `tea room ${teller.language}`, kind: 'slack', enabled: true, events: ['failure'] }
  await teller.ask('POST', 'notifications', { ...notification, pipelines: [], url, signing_secret: null, to: [] })
  const registry = { kind: 'harbor', address: 'harbor.example.com/tea', insecure: false, username: 'robot$tea' }
  await teller.ask('POST', 'docker/registries', { ...registry, name: `harbor ${teller.language}`, password: 'hidden' })
  await teller.ask('POST', 'tokens', { name: 'for a script', expires_in_days: 30, read_only: true })
  const pipeline = await teller.idOf('pipelines?search=tea-house')
  const hook = await teller.ask<{ path: string }>('POST', `pipelines/${pipeline}/hook`)
  // Unsigned, as a stranger would knock: the log says why nothing was started.
  await teller.page.request.post(`${teller.place.address}${hook.path}`, { data: { branch: 'main' } })
}
