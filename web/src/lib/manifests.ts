// What stands in the editor of new objects first: an example of the kind that one comes from.

import type { KindView } from './kubeApi'

const pod = (name: string, image: string, indent: string) =>
  ['containers:', `  - name: ${name}`, `    image: ${image}`].map(line => indent + line).join('\n')

const TEXTS: Record<string, string> = {
  Deployment: `spec:
  replicas: 2
  selector:
    matchLabels: { app: example }
  template:
    metadata:
      labels: { app: example }
    spec:
${pod('app', 'nginx:1.27', '      ')}
`,
  Job: `spec:
  backoffLimit: 2
  template:
    spec:
      restartPolicy: Never
${pod('job', 'busybox:1.36', '      ')}
          command: [sh, -c, echo done]
`,
  CronJob: `spec:
  schedule: "0 3 * * *"
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
${pod('job', 'busybox:1.36', '          ')}
              command: [sh, -c, echo done]
`,
  Pod: `spec:
${pod('app', 'nginx:1.27', '  ')}
`,
  Service: `spec:
  selector: { app: example }
  ports:
    - port: 80
      targetPort: 8080
`,
  ConfigMap: `data:
  key: value
`,
  Secret: `stringData:
  password: ""
`,
  Namespace: '',
}

/** An object of the kind with what it cannot do without; of a kind that has no example, its head. */
export function exampleOf(kind: KindView): string {
  const version = kind.group === '' ? kind.version : `${kind.group}/${kind.version}`
  return `apiVersion: ${version}
kind: ${kind.kind}
metadata:
  name: example
${TEXTS[kind.kind] ?? 'spec: {}\n'}`
}
