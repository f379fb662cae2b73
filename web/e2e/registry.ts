// A real registry, Debian's, on a port of its own and with a password; and images that are put into it without a daemon.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ended } from './server'

export const USER = 'robot'
export const PASSWORD = 'a tin of tea'

const has = (program: string, ...words: string[]) => spawnSync(program, words, { stdio: 'ignore' }).error === undefined

/** Why there is none here, in the words that the summary of the tests repeats. */
export function noRegistry(): string | null {
  if (!has('docker-registry', '--version')) return 'NO docker-registry HERE; DEBIAN HAS IT IN docker-registry'
  if (!has('htpasswd')) return 'NO htpasswd HERE; DEBIAN HAS IT IN apache2-utils'
  return null
}

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json'
const INDEX = 'application/vnd.oci.image.index.v1+json'
const digestOf = (bytes: string | Buffer) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`
const described = (mediaType: string, bytes: string | Buffer) => ({
  mediaType,
  digest: digestOf(bytes),
  size: Buffer.byteLength(bytes),
})

export class Registry {
  private constructor(
    private readonly folder: string,
    /** `127.0.0.1:PORT`. */
    readonly address: string,
    private readonly child: ChildProcess,
  ) {}

  static async start(): Promise<Registry> {
    const folder = mkdtempSync(join(tmpdir(), 'ansflow-e2e-registry-'))
    mkdirSync(join(folder, 'images'))
    writeFileSync(join(folder, 'users'), spawnSync('htpasswd', ['-Bbn', USER, PASSWORD]).stdout)
    writeFileSync(
      join(folder, 'config.yml'),
      `version: 0.1
storage: { filesystem: { rootdirectory: ${folder}/images } }
http: { addr: "127.0.0.1:0" }
auth: { htpasswd: { realm: tea, path: ${folder}/users } }
`,
    )
    const child = spawn('docker-registry', ['serve', join(folder, 'config.yml')], { stdio: ['ignore', 'pipe', 'pipe'] })
    const address = await new Promise<string>((done, fail) => {
      let said = ''
      const listen = (chunk: Buffer) => {
        said += chunk
        const found = /listening on (127\.0\.0\.1:\d+)/.exec(said)
        if (found?.[1]) done(found[1])
      }
      child.stdout.on('data', listen)
      child.stderr.on('data', listen)
      child.once('error', fail)
      child.once('exit', code => fail(new Error(`the registry ended with ${code}: ${said}`)))
    })
    return new Registry(folder, address, child)
  }

  /** An image under a tag, one for each platform; its digest. */
  async put(repository: string, tag: string, platforms: readonly string[] = ['linux/amd64']): Promise<string> {
    const parts = await Promise.all(
      platforms.map(async platform => ({ platform, manifest: await this.image(repository, tag, platform) })),
    )
    const [only] = parts
    if (only && parts.length === 1) return this.manifest(repository, tag, MANIFEST, only.manifest)
    const manifests = await Promise.all(
      parts.map(async ({ platform, manifest }) => {
        await this.manifest(repository, digestOf(manifest), MANIFEST, manifest)
        const [os, architecture] = platform.split('/')
        return { ...described(MANIFEST, manifest), platform: { os, architecture } }
      }),
    )
    return this.manifest(repository, tag, INDEX, JSON.stringify({ schemaVersion: 2, mediaType: INDEX, manifests }))
  }

  /** What it says itself that a tag stands for. */
  async digest(repository: string, tag: string): Promise<string> {
    const accept = { Accept: `${MANIFEST}, ${INDEX}, application/vnd.docker.distribution.manifest.v2+json` }
    const answer = await this.ask('HEAD', `/v2/${repository}/manifests/${tag}`, undefined, accept)
    return answer.headers.get('docker-content-digest') ?? ''
  }

  async end(): Promise<void> {
    await ended(this.child, 'SIGTERM')
    rmSync(this.folder, { recursive: true, force: true })
  }

  private async image(repository: string, tag: string, platform: string): Promise<string> {
    const [os, architecture] = platform.split('/')
    const layer = Buffer.alloc(40_000 + 7_919 * tag.length, `${repository} ${tag} ${platform}`)
    const rootfs = { type: 'layers', diff_ids: [digestOf(layer)] }
    const created = new Date(Date.now() - 3_600_000).toISOString()
    const config = JSON.stringify({ os, architecture, created, config: {}, rootfs })
    for (const blob of [layer, Buffer.from(config)]) {
      const begun = await this.ask('POST', `/v2/${repository}/blobs/uploads/`)
      const place = new URL(begun.headers.get('location') ?? '', `http://${this.address}`)
      place.searchParams.set('digest', digestOf(blob))
      await this.ask('PUT', place.pathname + place.search, blob, { 'Content-Type': 'application/octet-stream' })
    }
    return JSON.stringify({
      schemaVersion: 2,
      mediaType: MANIFEST,
      config: described('application/vnd.oci.image.config.v1+json', config),
      layers: [described('application/vnd.oci.image.layer.v1.tar+gzip', layer)],
    })
  }

  private async manifest(repository: string, name: string, type: string, text: string): Promise<string> {
    await this.ask('PUT', `/v2/${repository}/manifests/${name}`, text, { 'Content-Type': type })
    return digestOf(text)
  }

  private async ask(
    method: string,
    path: string,
    body?: string | Buffer,
    headers: Record<string, string> = {},
  ): Promise<Response> {
    const login = `Basic ${Buffer.from(`${USER}:${PASSWORD}`).toString('base64')}`
    const answer = await fetch(`http://${this.address}${path}`, {
      method,
      headers: { Authorization: login, ...headers },
      ...(body === undefined ? {} : { body: new Uint8Array(Buffer.from(body)) }),
    })
    if (!answer.ok) throw new Error(`the registry: ${method} ${path}: ${answer.status} ${await answer.text()}`)
    return answer
  }
}
