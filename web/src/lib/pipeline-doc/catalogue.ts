// What this library needs to know of a step type; the API's shapes fit.

export interface Words {
  en: string
  zh: string
}

export type Kind =
  | 'text'
  | 'multiline'
  | 'code'
  | 'path'
  | 'name'
  | 'reference'
  | 'integer'
  | 'boolean'
  | 'duration'
  | 'choice'
  | 'words'
  | 'text_list'
  | 'text_map'
  | 'ports'
  | 'volumes'
  | 'yaml'
  | 'manifests'
  | 'kind_word'
  | 'object'
  | 'objects'

export interface Param {
  key: string
  aliases: string[]
  kind: Kind
  required: boolean
  default: string | null
  priority: number
  templated: boolean
  secret: boolean
  title: Words
  help: Words
  example: string | null
  inherits: string | null
  on_step: string[]
  show_when: { parameter: string; one_of: string[] } | null
  choices: string[] | null
  min: number | null
  max: number | null
  fields: Param[] | null
  /** Key of its words in the language, for a setting that is not of the catalogue. */
  label?: string
}

export interface StepKind {
  type: string
  aliases: string[]
  category: string
  category_title: Words
  title: Words
  summary: Words
  available: boolean
  unavailable: string | null
  parameters: Param[]
  rules: { kind: 'one_of' | 'any_of' | 'not_both' | 'wins' | 'only_with'; parameters: string[] }[]
  examples: string[]
  config_key: string | null
}

export function stepKind(catalogue: readonly StepKind[], word: string): StepKind | undefined {
  return catalogue.find(kind => kind.type === word || kind.aliases.includes(word))
}

export function spellings(param: Param): string[] {
  return [param.key, ...param.aliases]
}

/** Whether a form shows a parameter: by the value that the other one has, or has by default. */
export function isShown(param: Param, among: readonly Param[], given: (param: Param) => string | undefined): boolean {
  const rule = param.show_when
  if (!rule) return true
  const other = among.find(one => one.key === rule.parameter)
  if (!other) return true
  const value = given(other) ?? other.default ?? undefined
  return value === undefined || value.includes('{{') || rule.one_of.includes(value)
}
