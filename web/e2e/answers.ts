// What the faked server answers to each GET of the contract. `METHOD path`, with `*` for one part of the path.

import { logHits, logPage } from './fakeLog'
import * as fix from './fixtures'

export interface Asked {
  method: string
  /** Below /api/v1/, each part still encoded. */
  path: string
  query: URLSearchParams
  body: unknown
}
export interface Answer {
  status?: number
  json?: unknown
  text?: string
  type?: string
  headers?: Record<string, string>
}
export type Handler = Answer | ((asked: Asked) => Answer)

export const ok = (json: unknown, headers: Record<string, string> = {}): Answer => ({ json, headers })
const tagged = (json: unknown) => ok(json, { ETag: '"7"' })

export const answers: Record<string, Handler> = {
  'GET auth/state': ok(fix.authState),
  'GET auth/me': ok(fix.me),
  'GET auth/sessions': ok(fix.page(fix.sessions)),
  'GET tokens': ok(fix.page(fix.tokens)),
  'GET secrets': ok(fix.page(fix.secrets)),
  'GET git-credentials': ok(fix.page(fix.gitCredentials)),
  'GET docker/registries': ok(fix.page(fix.registries)),
  'GET docker/registries/*': ({ path }) => tagged(fix.registries.find(one => path.endsWith(one.id)) ?? fix.registry),
  'GET docker/registries/*/repositories': ok(fix.page(fix.repositories)),
  'GET docker/registries/reg_2/repositories': {
    status: 502,
    json: fix.problem(502, 'registry_unreachable', fix.registries[1]?.last_check?.message ?? ''),
  },
  'GET docker/registries/reg_3/repositories': {
    status: 409,
    json: fix.problem(409, 'not_offered', 'the registry docker.io does not offer a list of its repositories'),
  },
  'GET docker/registries/*/tags': ok(fix.page(fix.tags)),
  'GET docker/registries/*/image': ({ query }) =>
    ok(fix.registryImage(query.get('repository') ?? '', query.get('tag') ?? '')),
  'POST docker/registries/*/test-connection': ok(fix.registry.last_check),
  'GET settings': tagged(fix.settings),
  'GET pipelines': ok(fix.page(fix.pipelines)),
  'GET pipelines/*': tagged(fix.pipeline),
  'GET pipelines/*/versions': ok(fix.page(fix.versions)),
  'GET pipelines/*/versions/*': ok(fix.versionText),
  'GET pipelines/*/statistics': ok(fix.pipelineStatistics),
  'GET pipelines/*/triggers': ok(fix.triggers),
  'POST pipelines/validate': ok(fix.validation),
  'GET step-types': ok(fix.page(fix.stepTypes)),
  'GET schema/pipeline': ok({}),
  'GET statistics': ok(fix.overview),
  'GET runs': ({ query }) => {
    const status = query.get('status')?.split(',')
    return ok(fix.page(fix.runs.filter(run => !status || status.includes(run.status))))
  },
  'GET runs/*': ({ path }) => ok(path.endsWith('run_148') ? fix.waitingRun : fix.run),
  'GET runs/*/pipeline': ok(fix.versionText),
  'GET runs/*/artifacts': ok(fix.page(fix.artifacts)),
  'GET runs/*/steps/*/log/lines': ({ query, path }) => ok(logPage(query, path.includes('/image/') ? 340 : 2_345)),
  'GET runs/*/steps/*/log/search': ({ query }) => ok(logHits(query, 2_345)),
  'GET runs/*/steps/*/log/stream': { text: 'event: end\nid: 0\ndata: {}\n\n', type: 'text/event-stream' },
  'GET runs/*/events': { text: ': nothing\n\n', type: 'text/event-stream' },
  'GET deliveries': ok(fix.page(fix.deliveries)),
  'GET notifications': ok(fix.page(fix.notifications)),
  'GET notifications/*': tagged(fix.notifications[0]),
  'GET notifications/*/messages': ok(fix.page(fix.messages)),
}

/** Finds the answer; what stands in `more` goes before the answers above. */
export function answerer(more: Record<string, Handler>): (asked: Asked) => Answer {
  const table = Object.entries({ ...answers, ...more })
    .map(([key, handler]) => ({ match: pattern(key), handler }))
    .reverse()
  return asked => {
    const handler = table.find(({ match }) => match.test(`${asked.method} ${asked.path}`))?.handler ?? missing
    return typeof handler === 'function' ? handler(asked) : handler
  }
}

const missing = ({ method, path }: Asked): Answer => ({
  status: 404,
  json: fix.problem(404, 'not_found', `there is no ${method} ${path}`),
})

const pattern = (key: string) => new RegExp(`^${key.replace(/[.+?]/g, '\\$&').replaceAll('*', '[^/]+')}$`)
