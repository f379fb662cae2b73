// The server's side of the wire, for pages that are looked at without one: `await fakeApi(page)`.

import type { Page, Route } from 'playwright-core'
import { type Answer, type Asked, answerer, type Handler, ok } from './answers'

/** Answers every request under /api/v1; `more` goes before e2e/answers.ts. Returns what was asked. */
export async function fakeApi(page: Page, more: Record<string, Handler> = {}): Promise<Asked[]> {
  const all: Asked[] = []
  const answer = answerer(more)
  await page.route('**/version', route => reply(route, ok({ version: '0.3.0' })))
  await page.route('**/api/v1/**', route => {
    const request = route.request()
    const url = new URL(request.url())
    const path = url.pathname.replace('/api/v1/', '')
    const asked: Asked = { method: request.method(), path, query: url.searchParams, body: request.postDataJSON() }
    all.push(asked)
    return reply(route, answer(asked))
  })
  return all
}

function reply(route: Route, { status = 200, json, text, type, headers }: Answer): Promise<void> {
  const kind = status >= 400 ? 'application/problem+json' : 'application/json'
  return route.fulfill({
    status,
    contentType: type ?? (json === undefined ? 'text/plain' : kind),
    body: json === undefined ? (text ?? '') : JSON.stringify(json),
    ...(headers ? { headers } : {}),
  })
}
