// What the faked server answers of clusters.

import type { Page } from 'playwright-core'
import type { Handler } from './answers'
import * as fix from './fixtures'
import * as kube from './kubeFixtures'

const stream = (text: string): Handler => ({ text, type: 'text/event-stream' })
const yes: Handler = { json: {} }

export const kubeAnswers: Record<string, Handler> = {
  'GET kubernetes/*': { json: kube.deployments },
  'GET kubernetes/clusters': { json: fix.page(kube.clusters) },
  'GET kubernetes/clusters/*': ({ path }) => ({
    json: kube.clusters.find(one => path.endsWith(one.id)) ?? kube.cluster,
    headers: { ETag: '"7"' },
  }),
  'GET kubernetes/clusters/*/overview': { json: kube.overview },
  'GET kubernetes/clusters/*/namespaces': {
    json: { items: ['default', 'kube-system', 'shop'].map(name => ({ name })) },
  },
  'GET kubernetes/clusters/*/kinds': { json: { items: kube.kinds } },
  'POST kubernetes/clusters/*/check-connection': { json: kube.check },
  'POST kubernetes/clusters/validate-connection': ({ body }) => ({
    json: (body as { server: string }).server.includes('wrong')
      ? {
          ...kube.check,
          valid: false,
          trouble: 'tls',
          message:
            'TLS: the certificate of `wrong.example.com` is for `*.old.example.com`, issued by `Old CA`, and ended on 2026-02-01',
          help: 'give the right CA certificate, or the right address',
          cluster_info: null,
          identity: null,
          rights: [],
        }
      : kube.check,
  }),
  'GET kubernetes/deployments/*': { json: kube.object },
  'GET kubernetes/*/stream': stream(
    `event: rows\ndata: ${JSON.stringify({ reset: true, columns: kube.deployments.columns, rows: kube.deployments.items, gone: [] })}\n\n`,
  ),
  'GET kubernetes/deployments/*/history': { json: { items: kube.history } },
  'PUT kubernetes/deployments/*': {
    json: {
      before: kube.yaml,
      after: kube.yaml.replace('replicas: 2', 'replicas: 5'),
      warnings: ['unknown field `spec.foo`'],
      resource_version: '4712',
    },
  },
  'POST kubernetes/deployments/*/restart': yes,
  'GET kubernetes/pods/log/stream': stream(
    `event: lines\ndata: ${JSON.stringify({
      lines: ['listening on 8080', 'GET / 200', 'GET /cart 200'].map(text => ({
        pod: 'web-55d4c8f7b9-4kx2p',
        container: 'app',
        at: null,
        text,
      })),
    })}\n\n`,
  ),
  'GET runs/run_k8s': { json: kube.failedRun },
  'GET runs/run_k8slive': { json: kube.liveRun },
}

/** The sockets of the monitor: one that has ended, one that goes on. */
export async function fakeMonitor(page: Page): Promise<void> {
  await page.routeWebSocket('**/k8s/monitor/**', socket => {
    const failed = socket.url().includes('run_failed')
    socket.send(
      JSON.stringify(failed ? { ...kube.story, waiting: null, verdict: kube.verdict, ended: true } : kube.story),
    )
  })
}
