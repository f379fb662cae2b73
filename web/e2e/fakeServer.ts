// A server with the answers of e2e/answers.ts, real streams and the built pages: after `npx vite build`,
// `node e2e/run.mjs e2e/fakeServer.ts 8090 1000000` shows run_149, whose step `image` has a log of a million lines
// that goes on by twenty a second. For the sources: `ANSFLOW_SERVER=http://127.0.0.1:8090 npx vite`.

import { existsSync, readFileSync } from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'
import { extname, join } from 'node:path'
import type { LogLine } from '../src/api/types'
import { answerer, ok } from './answers'
import { BYTES, fakeLine, logHits, logPage } from './fakeLog'

export interface FakeServer {
  /** Lines of the log by now. */
  total: () => number
  /** Cuts every stream that is open. */
  cut: () => void
  close: () => void
}

export function fakeServer(port: number, lines: number, perSecond = 20): FakeServer {
  let total = lines
  const streams = new Map<ServerResponse, number>()
  const answer = answerer({
    'GET runs/*/steps/image/log/lines': ({ query }) => ok(logPage(query, total, perSecond === 0)),
    'GET runs/*/steps/image/log/search': ({ query }) => ok(logHits(query, Math.min(total, 200_000))),
  })
  const send = (stream: ServerResponse, from: number) => {
    const fresh: LogLine[] = []
    for (let number = from + 1; number <= total; number += 1) fresh.push(fakeLine(number))
    if (fresh.length === 0) return
    const next = total * BYTES
    stream.write(`event: lines\nid: ${next}\ndata: ${JSON.stringify({ attempt: 1, next, lines: fresh })}\n\n`)
    streams.set(stream, total)
  }
  const timer = setInterval(() => {
    total += perSecond / 5
    for (const [stream, from] of streams) send(stream, from)
  }, 200)

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://fake')
    const path = url.pathname.replace('/api/v1/', '')
    if (path === '/version') return response.end('{"version":"0.3.0","simulated_cluster":null}')
    if (path.endsWith('/image/log/stream') || path.endsWith('/events')) {
      response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' })
      response.write(': here\n\n')
      if (path.endsWith('/events')) return
      const from = Number(url.searchParams.get('from')) / BYTES
      streams.set(response, from)
      response.on('close', () => streams.delete(response))
      return send(response, from)
    }
    if (!url.pathname.startsWith('/api/')) return page(url.pathname, response)
    const {
      status = 200,
      json,
      text,
      type,
      headers,
    } = answer({
      method: request.method ?? 'GET',
      path,
      query: url.searchParams,
      body: null,
    })
    response.writeHead(status, { 'Content-Type': type ?? 'application/json', ...headers })
    response.end(json === undefined ? text : JSON.stringify(json))
  })
  server.listen(port, '127.0.0.1')
  return {
    total: () => total,
    cut: () => {
      for (const stream of streams.keys()) stream.destroy()
    },
    close: () => {
      clearInterval(timer)
      server.closeAllConnections()
      server.close()
    },
  }
}

const TYPES: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
}

/** The built pages, under the rules that the real server sends with them. */
function page(path: string, response: ServerResponse): void {
  const file = join('dist', path)
  const found = path !== '/' && existsSync(file) ? file : 'dist/index.html'
  response.writeHead(200, {
    'Content-Type': TYPES[extname(found)] ?? 'application/octet-stream',
    'Content-Security-Policy': "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:",
  })
  response.end(readFileSync(found))
}

const [, file, port, lines = '1000000'] = process.argv
if (file?.includes('fakeServer') && port) fakeServer(Number(port), Number(lines))
