// Addresses of the server that a browser opens itself: downloads and event streams.

import { stringifySearch } from '../lib/search'
import { BASE } from './client'

const at = encodeURIComponent

export const hrefs = {
  runEvents: (run: string, after: number) => `${BASE}/runs/${at(run)}/events?after=${after}`,
  logStream: (run: string, step: string, attempt: number | undefined, from: number) =>
    `${log(run, step)}/stream${stringifySearch({ attempt, from })}`,
  logDownload: (run: string, step: string, attempt: number | undefined) =>
    `${log(run, step)}${stringifySearch({ attempt, download: true })}`,
  pipelineExport: (id: string) => `${BASE}/pipelines/${at(id)}/export`,
  monitor: (stepRun: string, attempt: number | undefined) =>
    `${BASE}/k8s/monitor/${at(stepRun)}${stringifySearch({ attempt })}`,
  apiDocs: () => '/api/docs',
}

function log(run: string, step: string): string {
  return `${BASE}/runs/${at(run)}/steps/${at(step)}/log`
}
