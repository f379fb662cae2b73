import { Background, Controls, type Edge, Handle, type Node, type NodeProps, Position, ReactFlow } from '@xyflow/react'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { StepView } from '../../api/types'
import { useTheme } from '../../components/theme'
import { layout } from '../../lib/graph'
import { ended } from '../../lib/status'
import { Duration } from '../../ui/Duration'
import { StatusIcon } from '../../ui/StatusIcon'
import '@xyflow/react/dist/base.css'
import './graph.css'

interface Props {
  steps: readonly StepView[]
  chosen: string | undefined
  onChoose: (name: string) => void
}

type StepNode = Node<{ step: StepView; chosen: boolean; onChoose: (name: string) => void }, 'step'>
type FrameNode = Node<{ label: string; kind: 'stage' | 'group' }, 'frame'>

/** The steps and what they need, as a picture. The list says the same in words. */
export function StepGraph({ steps, chosen, onChoose }: Props) {
  const { t } = useTranslation('runs')
  const { scheme } = useTheme()
  // What is drawn where depends on the pipeline only, not on how far it is.
  const shape = JSON.stringify(
    steps.map(({ index, name, stage, group, needs }) => ({ index, name, stage, group, needs })),
  )
  const { boxes, frames, edges } = useMemo(() => layout(JSON.parse(shape)), [shape])

  const frameNodes: FrameNode[] = frames.map(({ id, label, kind, x, y, width, height }) => ({
    id,
    type: 'frame',
    position: { x, y },
    data: { label, kind },
    width,
    height,
    selectable: false,
    draggable: false,
    focusable: false,
    zIndex: -1,
  }))
  const stepNodes: StepNode[] = steps.flatMap(step => {
    const box = boxes.get(step.index)
    if (!box) return []
    const { id, x, y, width, height } = box
    const data = { step, chosen: step.name === chosen, onChoose }
    return [{ id, type: 'step' as const, position: { x, y }, width, height, data, draggable: false, focusable: false }]
  })
  const lines: Edge[] = edges.map(([from, to]) => ({
    id: `${from}-${to}`,
    source: `${from}`,
    target: `${to}`,
    animated: steps.some(step => step.index === to && step.status === 'running'),
    focusable: false,
  }))
  const bottoms = [...boxes.values(), ...frames].map(box => box.y + box.height)
  const height = Math.min(440, Math.max(180, ...bottoms) + 60)
  return (
    <section className="step-graph" style={{ height }} aria-label={t('steps.graphLabel')}>
      <ReactFlow
        nodes={[...frameNodes, ...stepNodes]}
        edges={lines}
        nodeTypes={NODE_TYPES}
        colorMode={scheme}
        fitView
        fitViewOptions={{ minZoom: 0.8, maxZoom: 1, padding: 0.04 }}
        minZoom={0.15}
        nodesDraggable={false}
        nodesConnectable={false}
        elementsSelectable={false}
        preventScrolling={false}
        zoomOnScroll={false}
      >
        <Background gap={20} size={1} />
        <Controls showInteractive={false} position="top-right" orientation="horizontal" />
      </ReactFlow>
    </section>
  )
}

function StepBox({ data: { step, chosen, onChoose } }: NodeProps<StepNode>) {
  const { t } = useTranslation()
  return (
    <>
      <Handle type="target" position={Position.Left} isConnectable={false} />
      <button
        type="button"
        className={`graph-step nopan${step.status === 'pending' || step.status === 'skipped' ? ' pale' : ''}`}
        aria-pressed={chosen}
        title={step.name}
        onClick={() => onChoose(step.name)}
      >
        <StatusIcon status={step.status} size={16} />
        <span className="visually-hidden">{t(`status.${step.status}`)}:</span>
        <span className="truncate grow">{step.name}</span>
        <span className="muted small">
          {step.started_at && <Duration ms={step.duration_ms} since={step.started_at} live={!ended(step.status)} />}
        </span>
      </button>
      <Handle type="source" position={Position.Right} isConnectable={false} />
    </>
  )
}

function FrameBox({ data }: NodeProps<FrameNode>) {
  return <div className={`graph-frame ${data.kind}`}>{data.label}</div>
}

const NODE_TYPES = { step: StepBox, frame: FrameBox }
