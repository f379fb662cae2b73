// Where the boxes of a picture of steps stand: left to right, each after what it needs.

import dagre from '@dagrejs/dagre'

export interface GraphStep {
  index: number
  name: string
  stage: string | null
  group: string | null
  needs: readonly number[]
}

export interface Box {
  id: string
  x: number
  y: number
  width: number
  height: number
}
export interface Frame extends Box {
  label: string
  kind: 'stage' | 'group'
}

export const STEP_WIDTH = 176
export const STEP_HEIGHT = 44

/** Boxes of the steps by index, frames around stages and parallel groups, and who needs whom. */
export function layout(steps: readonly GraphStep[]): {
  boxes: Map<number, Box>
  frames: Frame[]
  edges: [number, number][]
} {
  const graph = new dagre.graphlib.Graph({ compound: true })
  graph.setGraph({ rankdir: 'LR', nodesep: 16, ranksep: 40, marginx: 8, marginy: 8 })
  graph.setDefaultEdgeLabel(() => ({}))
  const known = new Set(steps.map(step => step.index))
  const edges = steps.flatMap(step =>
    step.needs.filter(need => known.has(need)).map(need => [need, step.index] as [number, number]),
  )
  for (const step of steps) {
    graph.setNode(`${step.index}`, { width: STEP_WIDTH, height: STEP_HEIGHT })
    for (const [frame, parent] of framesOf(step)) {
      graph.setNode(frame, {})
      if (parent) graph.setParent(frame, parent)
      graph.setParent(`${step.index}`, frame)
    }
  }
  for (const [from, to] of edges) graph.setEdge(`${from}`, `${to}`)
  dagre.layout(graph)

  const boxes = new Map<number, Box>()
  for (const step of steps) {
    const { x, y } = graph.node(`${step.index}`)
    boxes.set(step.index, {
      id: `${step.index}`,
      x: x - STEP_WIDTH / 2,
      y: y - STEP_HEIGHT / 2,
      width: STEP_WIDTH,
      height: STEP_HEIGHT,
    })
  }
  return { boxes, frames: framesAround(steps, boxes), edges }
}

/** From the outermost: the frame's id and the one around it. */
function framesOf(step: GraphStep): [string, string | null][] {
  const stage = step.stage === null ? null : `stage:${step.stage}`
  const group = step.group === null ? null : `group:${step.stage ?? ''}:${step.group}`
  const out: [string, string | null][] = []
  if (stage) out.push([stage, null])
  if (group) out.push([group, stage])
  return out
}

const ROOM = { stage: 26, group: 12 } as const
const HEAD = { stage: 26, group: 22 } as const

function framesAround(steps: readonly GraphStep[], boxes: Map<number, Box>): Frame[] {
  const out = new Map<string, Frame & { right: number; bottom: number }>()
  for (const step of steps) {
    const box = boxes.get(step.index)
    if (!box) continue
    for (const [id] of framesOf(step)) {
      const kind = id.startsWith('stage:') ? 'stage' : 'group'
      const label = (kind === 'stage' ? step.stage : step.group) ?? ''
      const room = ROOM[kind]
      const before = out.get(id)
      const x = Math.min(before?.x ?? Number.POSITIVE_INFINITY, box.x - room)
      const y = Math.min(before?.y ?? Number.POSITIVE_INFINITY, box.y - room - HEAD[kind] + 8)
      const right = Math.max(before?.right ?? 0, box.x + box.width + room)
      const bottom = Math.max(before?.bottom ?? 0, box.y + box.height + room)
      out.set(id, { id, label, kind, x, y, right, bottom, width: right - x, height: bottom - y })
    }
  }
  // Stages first: what is drawn later lies on top.
  return [...out.values()]
    .map(({ right: _, bottom: __, ...frame }) => frame)
    .sort((a, b) => Number(a.kind === 'group') - Number(b.kind === 'group'))
}
