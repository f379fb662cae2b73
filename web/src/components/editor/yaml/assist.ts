// What may be written where the cursor stands, and what a key means: from the catalogue.

import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete'
import { type EditorView, hoverTooltip } from '@codemirror/view'
import { type Param, type StepKind, spellings, stepKind } from '../../../lib/pipeline-doc/catalogue'
import { type Cursor, cursorAt } from '../../../lib/pipeline-doc/cursor'
import { inlineScalar } from '../../../lib/pipeline-doc/scalar'
import { SETTINGS } from '../../../lib/pipeline-doc/settings'

/** What a person reads of a key. */
export interface About {
  title: string
  help: string
}

export interface Knowledge {
  catalogue: readonly StepKind[]
  about: (param: Param) => About
  kindAbout: (kind: StepKind) => About
  /** Keys that hold other keys. */
  keyAbout: (key: string) => About | null
  stepNames: () => string[]
  variables: () => string[]
  secrets: () => string[]
  registries: () => string[]
}

const CONTAINERS = ['config', 'parameters']
const RUN_NAMES = [
  'build_number',
  'git_branch',
  'git_commit',
  'docker_image',
  'working_directory',
  'pipeline.name',
  'pipeline.build_number',
  'run.id',
  'run.trigger',
]

/** The map that the cursor is in, as the parameters that it may have. */
function paramsAt(cursor: Cursor, catalogue: readonly StepKind[]): { params: readonly Param[]; extra: string[] } {
  const path = cursor.path[0] === 'pipeline' ? cursor.path.slice(1) : cursor.path
  if (path.length === 0)
    return { params: SETTINGS.pipeline, extra: ['variables', 'parallel_groups', 'steps', 'stages'] }
  if (path[0] === 'parallel_groups' && path.length === 2) return { params: SETTINGS.group, extra: [] }
  if (path[0] === 'triggers' && path[1] === '-')
    return { params: SETTINGS.pipeline.find(one => one.key === 'triggers')?.fields ?? [], extra: [] }
  if (path[0] === 'stages' && path.length === 2) return { params: [], extra: ['name', 'steps'] }
  const start = path.lastIndexOf('steps')
  if (start < 0 || path[start + 1] !== '-') return { params: [], extra: [] }
  const kind = cursor.stepType === null ? undefined : stepKind(catalogue, cursor.stepType)
  const own = kind?.config_key ? [kind.config_key] : []
  const rest = path.slice(start + 2)
  if (rest.length === 0) {
    const onStep =
      kind?.parameters
        .filter(param => param.on_step.length > 0)
        .map(param => ({ ...param, key: param.on_step[0] ?? param.key })) ?? []
    return { params: [...SETTINGS.step, ...onStep], extra: ['name', 'type', ...CONTAINERS, ...own] }
  }
  const inConfig = [...CONTAINERS, ...own].includes(rest[0] ?? '')
  const inner = rest.filter((key, index) => key !== '-' && !(index > 0 && own.includes(key)))
  return {
    params: descend(inConfig ? (kind?.parameters ?? []) : SETTINGS.step, inConfig ? inner.slice(1) : inner),
    extra: [],
  }
}

function descend(params: readonly Param[], path: readonly string[]): readonly Param[] {
  return path.reduce<readonly Param[]>(
    (known, key) => known.find(param => spellings(param).includes(key))?.fields ?? [],
    params,
  )
}

export function complete(known: Knowledge) {
  return (context: CompletionContext): CompletionResult | null => {
    const text = context.state.doc.toString()
    const line = context.state.doc.lineAt(context.pos)
    const before = line.text.slice(0, context.pos - line.from)
    if (/(^|\s)#/.test(before.replace(/"[^"]*"|'[^']*'/g, ''))) return null
    const hole = /\{\{\s*([\w.]*)$/.exec(before)
    if (hole) return { from: context.pos - (hole[1]?.length ?? 0), options: holeOptions(known), validFor: /^[\w.]*$/ }
    const cursor = cursorAt(text, context.pos)
    if (cursor.word === '' && !context.explicit && cursor.writing === 'key') return null
    const options =
      cursor.writing === 'value'
        ? valueOptions(known, cursor)
        : [...listOptions(known, cursor), ...keyOptions(known, cursor)]
    return options.length > 0 ? { from: cursor.from, options, validFor: /^[\w.-]*$/ } : null
  }
}

function holeOptions(known: Knowledge): Completion[] {
  const close = (name: string, type: string): Completion => ({ label: name, type, apply: `${name} ` })
  return [
    ...known.variables().map(name => close(name, 'variable')),
    ...RUN_NAMES.map(name => close(name, 'constant')),
    ...known.secrets().map(name => close(`secrets.${name}`, 'keyword')),
    ...known
      .stepNames()
      .filter(name => /^[\w-]+$/.test(name))
      .map(name => close(`steps.${name}.outputs.`, 'property')),
  ]
}

function keyOptions(known: Knowledge, cursor: Cursor): Completion[] {
  const { params, extra } = paramsAt(cursor, known.catalogue)
  const taken = new Set(cursor.siblings)
  const named = extra
    .filter(key => !taken.has(key))
    .map((key): Completion => {
      const about = known.keyAbout(key)
      return {
        label: key,
        type: 'property',
        apply: `${key}: `,
        ...(about ? { detail: about.title, info: about.help } : {}),
        boost: key === 'name' || key === 'type' ? 9 : 3,
      }
    })
  const own = params
    .filter(param => !spellings(param).some(key => taken.has(key)))
    .map((param): Completion => {
      const about = known.about(param)
      return {
        label: param.key,
        type: 'property',
        detail: about.title,
        info: about.help,
        apply: `${param.key}: `,
        boost: (param.required ? 6 : 5) - param.priority / 2,
      }
    })
  return [...named, ...own]
}

/** An entry of a list such as `needs`. */
function listOptions(known: Knowledge, cursor: Cursor): Completion[] {
  return cursor.key === null ? [] : valueOptions(known, { ...cursor, path: cursor.path.slice(0, -2) })
}

function valueOptions(known: Knowledge, cursor: Cursor): Completion[] {
  const inStep = cursor.path[cursor.path.length - 1] === '-' && cursor.path[cursor.path.length - 2] === 'steps'
  if (cursor.key === 'needs')
    return known.stepNames().map(label => ({ label, type: 'variable', apply: inlineScalar(label, true) }))
  if (cursor.key === 'type' && inStep) {
    return known.catalogue.map(kind => {
      const about = known.kindAbout(kind)
      return { label: kind.type, type: 'type', detail: about.title, info: about.help, boost: kind.available ? 2 : 0 }
    })
  }
  const param = paramsAt(cursor, known.catalogue).params.find(
    one => cursor.key !== null && spellings(one).includes(cursor.key),
  )
  if (param?.kind === 'reference' && param.key === 'registry')
    return known.registries().map(label => ({ label, type: 'variable', apply: inlineScalar(label, true) }))
  const choices = param?.choices ?? (param?.kind === 'boolean' ? ['true', 'false'] : [])
  return choices.map(label => ({ label, type: 'enum', ...(label === param?.default ? { detail: '✓' } : {}) }))
}

/** What a key means, while the mouse rests on it. */
export function explain(known: Knowledge) {
  return hoverTooltip((view: EditorView, pos: number) => {
    const line = view.state.doc.lineAt(pos)
    const found = /^(\s*(?:-\s+)*)([\w.-]+)\s*:(?:\s+([\w.-]+))?/.exec(line.text)
    if (!found) return null
    const from = line.from + (found[1]?.length ?? 0)
    const to = from + (found[2]?.length ?? 0)
    const cursor = cursorAt(view.state.doc.toString(), to)
    const about = pos <= to ? aboutKey(known, cursor, found[2] ?? '') : aboutType(known, found[2] ?? '', found[3] ?? '')
    if (!about || pos < from) return null
    return { pos: from, end: to, above: true, create: () => ({ dom: bubble(about) }) }
  })
}

function aboutKey(known: Knowledge, cursor: Cursor, key: string): About | null {
  const { params, extra } = paramsAt(cursor, known.catalogue)
  const param = params.find(one => spellings(one).includes(key))
  if (param) return known.about(param)
  return extra.includes(key) ? known.keyAbout(key) : null
}

function aboutType(known: Knowledge, key: string, value: string): About | null {
  const kind = key === 'type' ? stepKind(known.catalogue, value) : undefined
  return kind ? known.kindAbout(kind) : null
}

function bubble({ title, help }: About): HTMLElement {
  const dom = document.createElement('div')
  dom.className = 'cm-help'
  const name = dom.appendChild(document.createElement('b'))
  name.textContent = title
  const words = dom.appendChild(document.createElement('div'))
  words.className = 'muted'
  words.textContent = help
  return dom
}
