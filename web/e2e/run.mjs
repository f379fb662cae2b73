// Runs a TypeScript file in Node 20: `node e2e/run.mjs e2e/look.ts ARGUMENTS`. Vite's own bundler does the translation.

import { mkdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'rolldown'

const [, , input, ...rest] = process.argv
if (!input) throw new Error('name the file to run')
const file = resolve('test-results', `${input.replaceAll(/[^a-z0-9]/gi, '-')}-${process.pid}.mjs`)
mkdirSync('test-results', { recursive: true })
await build({ input, platform: 'node', external: [/^[^./]/], output: { file, format: 'esm' }, logLevel: 'warn' })
process.argv = [process.argv[0], file, ...rest]
await import(pathToFileURL(file).href)
