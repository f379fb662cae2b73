// Behind which keys a new one goes, so that files read the way people write them.

import type { After } from './pairs'
import { keysAt, type Path, type Tree } from './tree'

const TOP = [
  ['pipeline'],
  ['name'],
  ['description'],
  ['type', 'execution_mode'],
  ['image', 'docker_image'],
  ['variables'],
  ['env', 'environment', 'environment_vars'],
  ['triggers'],
  ['timeout', 'timeout_seconds'],
  ['parallel_groups'],
  ['stages', 'steps'],
]
const STEP = [
  ['name'],
  ['type'],
  ['description'],
  ['order'],
  ['parallel_group'],
  ['needs'],
  ['when'],
  ['conditions'],
  ['env', 'environment', 'environment_vars'],
  ['working_directory'],
  ['command', 'script'],
  ['shell'],
  ['docker_image', 'docker_tag', 'docker_registry', 'k8s_cluster', 'k8s_namespace', 'k8s_resource_name'],
  ['config', 'parameters', 'docker_config', 'k8s_config'],
  ['retry', 'retry_policy'],
  ['timeout', 'timeout_seconds'],
  ['approval'],
  ['continue_on_failure'],
  ['artifacts'],
  ['cache'],
]

/** The key behind which what is missing of this path goes. */
export function afterIn(tree: Tree, path: Path): After {
  for (let length = 1; length <= path.length; length += 1) {
    const parent = path.slice(0, length - 1)
    const key = path[length - 1]
    const present = keysAt(tree, parent)
    if (typeof key !== 'string' || present.includes(key)) continue
    return behind(present, key, ranksOf(parent))
  }
  return undefined
}

function ranksOf(parent: Path): string[][] | null {
  if (parent.length === 0 || (parent.length === 1 && parent[0] === 'pipeline')) return TOP
  const [list, index] = parent.slice(-2)
  return list === 'steps' && typeof index === 'number' ? STEP : null
}

function behind(present: readonly string[], key: string, ranks: string[][] | null): After {
  const rank = (word: string) => ranks?.findIndex(words => words.includes(word)) ?? -1
  const own = rank(key)
  if (own < 0) return undefined
  const before = present.filter(word => rank(word) >= 0 && rank(word) <= own)
  return before[before.length - 1] ?? (present.length > 0 ? null : undefined)
}
