// Random values of every kind, and texts to put them into, for the tests.

import fc from 'fast-check'
import { stringify } from 'yaml'
import type { Kind, StepKind } from './catalogue'
import type { FormValue } from './form'

const TRICKY = [
  'yes',
  'no',
  'on',
  '0777',
  '1e3',
  '1_000',
  '0x1F',
  '12:30',
  '2026-01-01',
  ' leading',
  'trailing ',
  '# not a comment',
  '{{ x }}',
  '{{ secrets.A }}-{{ b["c d"] }}',
  'a\nb',
  'a\nb\n',
  'a\n\n\n',
  '\n\n',
  ' indented\nless\n',
  '',
  'null',
  '~',
  'true',
  '.5',
  '-',
  '- a',
  '? a',
  'a: b',
  'key:',
  'a #b',
  '[x]',
  '{x}',
  '*x',
  '&x',
  '!x',
  '|',
  '>',
  '%',
  '@',
  '`',
  '"',
  "'",
  '\\',
  '\t',
  'a\tb',
  'a\r\nb',
  '😀',
  '构建镜像',
  '\u00a0',
  '\u2028',
  'a,b',
  'a=b',
  '8080:80',
  './a:/b:ro',
  '<<',
  '=',
  '...',
  '---',
  'x'.repeat(300),
  'a \n b\n  c ',
  '#!/bin/sh\nset -e\n\n  make   \n',
]
const text = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...TRICKY) },
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: 'binary-ascii' }),
)
const json = fc.dictionary(
  fc.string({ minLength: 1, unit: 'grapheme-ascii' }),
  fc.oneof(
    text,
    fc.integer(),
    fc.boolean(),
    fc.array(text, { maxLength: 3 }),
    fc.dictionary(fc.string({ unit: 'grapheme-ascii' }), text, { maxKeys: 3 }),
  ),
  { minKeys: 1, maxKeys: 4 },
)
const textForm = fc.oneof(text, fc.integer().map(String)).map(text => ({ as: 'text' as const, text }))

export function formOf(kind: Kind): fc.Arbitrary<FormValue> {
  const list = fc.array(text, { maxLength: 4 }).map(items => ({ as: 'list' as const, items }))
  switch (kind) {
    case 'integer':
    case 'duration':
      return fc.oneof(
        fc.integer().map(number => ({ as: 'text' as const, text: String(number) })),
        fc.constant({ as: 'text' as const, text: '1h30m' }),
        textForm,
      )
    case 'boolean':
      return fc.oneof(
        fc.constantFrom('true', 'false', '{{ x }}').map(text => ({ as: 'text' as const, text })),
        textForm,
      )
    case 'text_list':
      return list
    case 'words':
      return fc.oneof(list, textForm)
    case 'text_map':
      return fc
        .uniqueArray(fc.tuple(text, text), { selector: ([key]) => key, maxLength: 4 })
        .map(pairs => ({ as: 'pairs' as const, pairs }))
    case 'ports':
    case 'volumes':
      return fc
        .array(fc.record({ host: text, container: text, extra: fc.constantFrom('', 'tcp', 'ro', '{{ x }}') }), {
          maxLength: 3,
        })
        .map(rows => ({ as: 'rows' as const, rows }))
    case 'yaml':
    case 'manifests':
      return fc.oneof(
        json.map(value => ({ as: 'tree' as const, text: stringify(value).replace(/\n$/, ''), inline: true })),
        text.map(text => ({ as: 'tree' as const, text, inline: false })),
      )
    default:
      return textForm
  }
}

/** The same step under every key that may hold its parameters, in blocks and in brackets. */
export function texts(kind: StepKind): string[] {
  const step = (body: string) => `# the file
name: p   # its name
variables:
  a: '1'   # kept

steps:
  # before
  - name: first
    type: command
    command: |
      echo  "  x"

      # no comment
  # about it
  -   name: it
      type: ${kind.type}
${body}
  # behind

  - { name: last, type: command,   command: 'true' }
unknown:   [kept,   as is]
`
  const examples = kind.examples.map(example =>
    step(
      example
        .split('\n')
        .slice(2)
        .filter(line => line !== '')
        .map(line => `      ${line}`)
        .join('\n'),
    ),
  )
  const key = kind.config_key
    ? [
        step(`      parameters:\n        ${kind.config_key}:\n          # nested\n          zz: 1`),
        step(`      ${kind.config_key}: {zz: 1}`),
      ]
    : []
  return [
    step('      timeout: 5m'),
    step('      config:\n        zz: 1   # unknown, and kept'),
    step('      config: { zz: 1 }'),
    step('      parameters:'),
    ...key,
    ...examples,
  ]
}
