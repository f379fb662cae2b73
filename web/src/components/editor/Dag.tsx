import { useTranslation } from 'react-i18next'
import type { Outline } from '../../api/types'
import { columns } from '../../lib/columns'
import './dag.css'

const WIDTH = 148
const HEIGHT = 34
const GAP_X = 36
const GAP_Y = 12

interface Props {
  outline: Outline
  chosen?: string | null
  onChoose?: (name: string) => void
}

/** The order of the steps as a picture. */
export function Dag({ outline, chosen = null, onChoose }: Props) {
  const { t } = useTranslation('pipelines')
  const placed = columns(outline.steps.map(step => step.needs))
  const x = (column: number) => column * (WIDTH + GAP_X) + 8
  const y = (row: number) => row * (HEIGHT + GAP_Y) + 8
  const width = x(Math.max(0, ...placed.map(one => one.column))) + WIDTH + 8
  const height = y(Math.max(0, ...placed.map(one => one.row))) + HEIGHT + 8
  const edges = placed.flatMap(to =>
    (outline.steps[to.index]?.needs ?? []).flatMap(need => {
      const from = placed[need]
      if (!from) return []
      const [x1, y1, x2, y2] = [x(from.column) + WIDTH, y(from.row) + HEIGHT / 2, x(to.column), y(to.row) + HEIGHT / 2]
      return [{ key: `${need}-${to.index}`, path: `M${x1} ${y1} C${x1 + 18} ${y1} ${x2 - 18} ${y2} ${x2} ${y2}` }]
    }),
  )
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keys
    <section className="dag" aria-label={t('editor.diagram')} tabIndex={0}>
      <div style={{ position: 'relative', width, height }}>
        <svg width={width} height={height} aria-hidden="true" focusable="false">
          {edges.map(edge => (
            <path key={edge.key} d={edge.path} fill="none" stroke="var(--border-strong)" strokeWidth="1.5" />
          ))}
        </svg>
        {placed.map(({ index, column, row }) => {
          const step = outline.steps[index]
          if (!step) return null
          const marks = [step.approval && t('editor.withApproval'), step.when && t('editor.withCondition')]
            .filter(Boolean)
            .join(', ')
          return (
            <button
              key={step.name}
              type="button"
              className="dag-node"
              aria-current={chosen === step.name}
              title={[step.name, step.stage, marks].filter(Boolean).join(' · ')}
              style={{ left: x(column), top: y(row), width: WIDTH, height: HEIGHT }}
              onClick={() => onChoose?.(step.name)}
            >
              <span className="truncate">{step.name}</span>
              {step.approval && <span aria-hidden="true">✋</span>}
              {step.when && <span aria-hidden="true">◇</span>}
              {marks && <span className="visually-hidden">{marks}</span>}
            </button>
          )
        })}
      </div>
    </section>
  )
}
