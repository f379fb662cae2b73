// After a build: the sizes that we promise, as gzip sends them. The first page may load so much and no more, a lazy part
// so much, all of it so much.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

const KB = 1000
const FIRST = 500 * KB
const LAZY = 160 * KB
const ALL = 2_000 * KB

const dist = new URL('../dist/', import.meta.url).pathname
const files = readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter(name => /\.(js|css|html|svg)$/.test(name))
const size = new Map()
for (const name of files) {
  const bytes = readFileSync(join(dist, name))
  const gzip = gzipSync(bytes, { level: 9 })
  size.set(name, gzip.length)
  // The program sends these as they are.
  writeFileSync(join(dist, `${name}.gz`), gzip)
  writeFileSync(join(dist, `${name}.br`), brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }))
}

const html = readFileSync(join(dist, 'index.html'), 'utf8')
const first = ['index.html', ...[...html.matchAll(/(?:src|href)="\/([^"]+\.(?:js|css))"/g)].map(found => found[1])]
const total = names => names.reduce((sum, name) => sum + (size.get(name) ?? 0), 0)
const lazy = [...size].filter(([name]) => !first.includes(name)).sort((a, b) => b[1] - a[1])
const kb = bytes => `${(bytes / KB).toFixed(0)} kB`
process.stdout.write(`first page ${kb(total(first))}, largest lazy part ${lazy[0]?.[0]} ${kb(lazy[0]?.[1] ?? 0)}, all ${kb(total(files))} (gzip)\n`)

const over = [
  total(first) > FIRST && `the first page is over ${kb(FIRST)}`,
  lazy.length > 0 && lazy[0][1] > LAZY && `${lazy[0][0]} is over ${kb(LAZY)}`,
  total(files) > ALL && `all of it is over ${kb(ALL)}`,
].filter(Boolean)
if (over.length > 0) {
  process.stderr.write(`${over.join('\n')}\n`)
  process.exit(1)
}
