import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { KNOWN } from './kube'
import { exampleOf } from './manifests'

test('every kind has an example that can be read', () => {
  for (const kind of KNOWN) {
    const read = parse(exampleOf(kind))
    expect(read).toMatchObject({ kind: kind.kind, metadata: { name: 'example' } })
    expect(read.apiVersion).toBe(kind.group === '' ? kind.version : `${kind.group}/${kind.version}`)
  }
})

test('an example of what runs pods has a container', () => {
  const [deployment, cron] = ['Deployment', 'CronJob'].map(word =>
    parse(
      KNOWN.filter(kind => kind.kind === word)
        .map(exampleOf)
        .join(''),
    ),
  )
  expect(deployment.spec.template.spec.containers[0].image).toBe('nginx:1.27')
  expect(cron.spec.jobTemplate.spec.template.spec.containers[0].command).toEqual(['sh', '-c', 'echo done'])
})
