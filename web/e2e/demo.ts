// `ansflow demo` on a free port: the real server with sample pipelines, ended with the stories.

import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, watch } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ended, PROGRAM } from './server'
import type { Place } from './teller'

export interface Demo extends Place {
  end(): Promise<void>
}

export async function startDemo(): Promise<Demo> {
  const folder = mkdtempSync(join(tmpdir(), 'ansflow-e2e-'))
  const file = join(folder, 'address')
  const child = spawn(PROGRAM, ['demo', '--address-file', file], { stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  child.stderr.on('data', chunk => {
    said += chunk
  })
  const end = async () => {
    await ended(child, 'SIGTERM')
    rmSync(folder, { recursive: true, force: true })
  }
  await new Promise<void>((done, fail) => {
    const watcher = watch(folder, () => {
      if (!existsSync(file)) return
      watcher.close()
      done()
    })
    child.once('error', fail)
    child.once('exit', code => fail(new Error(`the demo ended with ${code}: ${said}`)))
  })
  const [address = '', user = '', password = ''] = readFileSync(file, 'utf8').trim().split(' ')
  return { address, user, password, end }
}
