import type { ReactNode } from 'react'
import type { ApiProblem } from '../../api/client'
import { lineOf } from '../../lib/mistake'
import { Ticks } from '../../ui/Ticks'

/** The line of a text that the server could not read. */
export function mistakeOf(problem: ApiProblem | null): { line: number } | null {
  if (problem === null || problem.problem.field !== 'yaml') return null
  const line = lineOf(problem.problem.detail)
  return line === null ? null : { line }
}

interface Props {
  problem: ApiProblem
  /** The kind of trouble, in a few words. */
  name?: string | null
  children?: ReactNode
}

/** Why a text was not taken, in the server's words, and what to do. */
export function Refusal({ problem, name, children }: Props) {
  const { detail, title, help } = problem.problem
  return (
    <div className="yaml-refusal tone-bad" role="alert">
      {name && <strong>{name} </strong>}
      <Ticks text={detail || title} />
      {help && (
        <>
          {' '}
          <Ticks text={help} />
        </>
      )}
      {children}
    </div>
  )
}
