// `ansflow simulate` on a free port: a cluster of its own, in a process of its own, as its owner sees it.

import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, watch } from 'node:fs'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'yaml'
import { ended, PROGRAM } from './server'
import type { Teller } from './teller'

/** A certificate authority that has signed nothing here. */
export const OTHER_CA = `-----BEGIN CERTIFICATE-----
MIIBgDCCASegAwIBAgIUAcmXq6dXiTBbPWOUzxxdc0Xi7NgwCgYIKoZIzj0EAwIw
FTETMBEGA1UEAwwKQW5vdGhlciBDQTAgFw0yNjExMjIwMTUzMjdaGA8yMTI2MTAy
OTAxNTMyN1owFTETMBEGA1UEAwwKQW5vdGhlciBDQTBZMBMGByqGSM49AgEGCCqG
SM49AwEHA0IABIYXBKbd/BfBsOxOzSwYel5JO6x3dMTOA4cXrnFen9dIYLWdOjHm
Varq3sz33DMtjXc3f2e8IHyJapwYKbfkrTejUzBRMB0GA1UdDgQWBBRCNv9njKQY
uRX0noQIjsXpZV/85DAfBgNVHSMEGDAWgBRCNv9njKQYuRX0noQIjsXpZV/85DAP
BgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0cAMEQCIDYz/9rKC3g4ED8lTSYT
Pog/Mw2Md5Zax8Fx14mj1PHYAiAZCt+ug/hR5o66L3I6t5bgKePCaFm+kW/C9yJe
ywAJAg==
-----END CERTIFICATE-----
`

interface Kubeconfig {
  clusters: { cluster: { server: string; 'certificate-authority-data': string } }[]
  users: { user: { 'client-certificate-data': string; 'client-key-data': string } }[]
}
const decoded = (text: string) => Buffer.from(text, 'base64').toString('utf8')

export class Simulated {
  private constructor(
    private readonly folder: string,
    private readonly child: ChildProcess,
    /** As it is written for whoever has the file. */
    readonly kubeconfig: string,
    readonly server: string,
    readonly ca: string,
    readonly certificate: string,
    readonly key: string,
  ) {}

  /** `more`: further words of its command line. */
  static async start(...more: string[]): Promise<Simulated> {
    const folder = mkdtempSync(join(tmpdir(), 'ansflow-e2e-'))
    const file = join(folder, 'kubeconfig')
    const child = spawn(PROGRAM, ['simulate', '--kubeconfig', file, ...more], { stdio: ['ignore', 'pipe', 'pipe'] })
    let said = ''
    child.stderr?.on('data', chunk => {
      said += chunk
    })
    await new Promise<void>((done, fail) => {
      const look = () => {
        if (!existsSync(file)) return
        watcher.close()
        done()
      }
      const watcher = watch(folder, look)
      child.once('error', fail)
      child.once('exit', code => fail(new Error(`the simulated cluster ended with ${code}: ${said}`)))
      look()
    })
    const text = readFileSync(file, 'utf8')
    const { clusters, users }: Kubeconfig = parse(text)
    const [cluster, user] = [clusters[0]!.cluster, users[0]!.user]
    const ca = decoded(cluster['certificate-authority-data'])
    const certificate = decoded(user['client-certificate-data'])
    return new Simulated(folder, child, text, cluster.server, ca, certificate, decoded(user['client-key-data']))
  }

  /** Its kubeconfig with another authority: whoever answers there is not whom it trusts. */
  get wrongKubeconfig(): string {
    return this.kubeconfig.replace(
      /certificate-authority-data: .*/,
      `certificate-authority-data: ${Buffer.from(OTHER_CA).toString('base64')}`,
    )
  }

  /** What the cluster answers to its owner. */
  ask<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
    return new Promise((done, fail) => {
      const { ca, certificate: cert, key } = this
      const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json'
      const headers = { 'Content-Type': type, Accept: 'application/json' }
      const asked = request(new URL(path, this.server), { method, ca, cert, key, headers }, answer => {
        let text = ''
        answer.on('data', chunk => {
          text += chunk
        })
        answer.on('end', () =>
          (answer.statusCode ?? 500) < 400
            ? done(JSON.parse(text))
            : fail(new Error(`${method} ${path}: ${answer.statusCode} ${text}`)),
        )
      })
      asked.on('error', fail)
      asked.end(body === undefined ? undefined : JSON.stringify(body))
    })
  }

  /** A token of a service account of this name, which is made. */
  async token(name: string): Promise<string> {
    const accounts = '/api/v1/namespaces/default/serviceaccounts'
    await this.ask('POST', accounts, { metadata: { name } })
    const wanted = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: { expirationSeconds: 86_400 } }
    const { status } = await this.ask<{ status: { token: string } }>('POST', `${accounts}/${name}/token`, wanted)
    return status.token
  }

  async namespace(name: string): Promise<void> {
    await this.ask('POST', '/api/v1/namespaces', { metadata: { name } })
  }

  async deployment(namespace: string, name: string, replicas: number): Promise<void> {
    const labels = { app: name }
    await this.ask('POST', `/apis/apps/v1/namespaces/${namespace}/deployments`, {
      metadata: { name, labels },
      spec: {
        replicas,
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: {
            containers: [
              { name: 'app', image: 'busybox:1.36', command: ['sh', '-c', 'echo tea is ready; sleep 3600'] },
            ],
          },
        },
      },
    })
  }

  /** Stored in AnsFlow under this name; its id. */
  async stored(teller: Teller, name: string): Promise<string> {
    const credential = { method: 'kubeconfig', text: this.kubeconfig, context: null }
    const empty = { description: '', kind: 'k8s', server: '', ca: null, tls_server_name: null, proxy: null }
    const input = { ...empty, name, credential, verify_tls: true, namespace: null }
    return (await teller.ask<{ id: string }>('POST', 'kubernetes/clusters', input)).id
  }

  async end(): Promise<void> {
    await ended(this.child, 'SIGTERM')
    rmSync(this.folder, { recursive: true, force: true })
  }
}
