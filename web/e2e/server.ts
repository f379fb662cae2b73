// The real server, of the program in ANSFLOW_BIN, on an empty folder: `ansflow server`, to be killed and started again.

import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export const PROGRAM = process.env.ANSFLOW_BIN ?? '../target/debug/ansflow'

export class Server {
  private constructor(
    private readonly folder: string,
    readonly address: string,
    /** What the console tells whoever may set it up. */
    readonly code: string,
    private child: ChildProcess,
  ) {}

  static async start(): Promise<Server> {
    const folder = mkdtempSync(join(tmpdir(), 'ansflow-e2e-'))
    const { child, said } = await spawned(folder, '127.0.0.1:0', /set it up with the code (\S+)/)
    const address = /listens on (\S+)/.exec(said)?.[1]
    const code = /with the code (\S+)/.exec(said)?.[1]
    if (!address || !code) throw new Error(`the server did not say where it is and the code: ${said}`)
    return new Server(folder, address, code, child)
  }

  /** As when the power fails. */
  async kill(): Promise<void> {
    await ended(this.child, 'SIGKILL')
  }

  /** On the same folder and the same port. */
  async startAgain(): Promise<void> {
    const { child } = await spawned(this.folder, new URL(this.address).host, /listens on/)
    this.child = child
  }

  async end(): Promise<void> {
    await ended(this.child, 'SIGTERM')
    rmSync(this.folder, { recursive: true, force: true })
  }
}

/** A server that has said this on its console. */
async function spawned(folder: string, listen: string, ready: RegExp): Promise<{ child: ChildProcess; said: string }> {
  const child = spawn(PROGRAM, ['server', '--listen', listen, '--data-dir', join(folder, 'data')], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  await new Promise<void>((done, fail) => {
    child.once('error', fail)
    child.once('exit', code => fail(new Error(`the server ended with ${code}: ${said}`)))
    child.stderr?.on('data', chunk => {
      said += chunk
      if (ready.test(said)) done()
    })
  })
  return { child, said }
}

export async function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = new Promise(done => child.once('exit', done))
  child.kill(signal)
  await gone
}
