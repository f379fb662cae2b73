import HolderOutlined from '@ant-design/icons/es/icons/HolderOutlined'
import MoreOutlined from '@ant-design/icons/es/icons/MoreOutlined'
import SettingOutlined from '@ant-design/icons/es/icons/SettingOutlined'
import Button from 'antd/es/button'
import Dropdown from 'antd/es/dropdown'
import { type DragEvent, type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { stepKind } from '../../lib/pipeline-doc/catalogue'
import { removeAndPrune } from '../../lib/pipeline-doc/field'
import { copyStep, freeName, moveStep } from '../../lib/pipeline-doc/steps'
import type { StepList, StepView } from '../../lib/pipeline-doc/view'
import { AddStep } from './AddStep'
import { useEditor, useWords } from './context'

interface Target {
  list: number
  place: number
}

/** The steps in the order of the file. They are moved by mouse, by Alt and arrow keys, or from their menus. */
export function StepOutline() {
  const { t } = useTranslation('pipelines')
  const { snapshot, chosen, choose, change, readOnly } = useEditor()
  const { lists } = snapshot.view
  const dragged = useRef<StepView | null>(null)
  const [over, setOver] = useState<Target | null>(null)
  const outline = useRef<HTMLElement>(null)
  const byKey = useRef(false)
  // The focus goes along with a step that keys have moved.
  useEffect(() => {
    if (byKey.current && chosen !== null) outline.current?.querySelector<HTMLElement>('[aria-current="true"]')?.focus()
    byKey.current = false
  }, [chosen])

  const move = (step: StepView, target: Target) => {
    const list = lists[target.list]
    if (!list || (step.list === target.list && step.place === target.place)) return
    if (change((draft, view) => moveStep(draft, view, view.steps[step.index] as StepView, target.list, target.place))) {
      const before = lists.slice(0, target.list).reduce((sum, one) => sum + one.steps.length, 0)
      choose(before - (step.list < target.list ? 1 : 0) + target.place)
    }
  }
  const dropAt = (target: Target) => {
    const step = dragged.current
    setOver(null)
    if (!step) return
    const behind = step.list === target.list && step.place < target.place
    move(step, { list: target.list, place: behind ? target.place - 1 : target.place })
  }
  /** One up or down, into the neighbouring stage at the ends. */
  const nudge = (step: StepView, by: 1 | -1, key = false) => {
    byKey.current = key
    const list = lists[step.list]
    const place = step.place + by
    if (list && place >= 0 && place < list.steps.length) move(step, { list: step.list, place })
    else if (lists[step.list + by])
      move(step, { list: step.list + by, place: by < 0 ? (lists[step.list + by]?.steps.length ?? 0) : 0 })
  }
  const dragging = {
    start: (step: StepView) => {
      dragged.current = readOnly ? null : step
    },
    over: (target: Target) => dragged.current && setOver(target),
    drop: dropAt,
    end: () => {
      dragged.current = null
      setOver(null)
    },
  }
  return (
    <nav ref={outline} className="outline" aria-label={t('editor.steps')}>
      <button type="button" className="outline-row" aria-current={chosen === null} onClick={() => choose(null)}>
        <SettingOutlined className="muted" aria-hidden />
        <span className="truncate">{t('editor.pipelineItself')}</span>
      </button>
      {lists.map((list, index) => (
        <ListView
          key={list.stage?.path.join('.') ?? 'steps'}
          list={list}
          index={index}
          over={over}
          dragging={dragging}
          nudge={nudge}
          move={move}
        />
      ))}
    </nav>
  )
}

interface ListProps {
  list: StepList
  index: number
  over: Target | null
  dragging: {
    start: (step: StepView) => void
    over: (target: Target) => void
    drop: (target: Target) => void
    end: () => void
  }
  nudge: (step: StepView, by: 1 | -1, key?: boolean) => void
  move: (step: StepView, target: Target) => void
}

function ListView({ list, index, over, dragging, nudge, move }: ListProps) {
  const { t } = useTranslation('pipelines')
  const { readOnly } = useEditor()
  const place = (event: DragEvent, at: number) => {
    event.preventDefault()
    const box = event.currentTarget.getBoundingClientRect()
    return { list: index, place: event.clientY > box.top + box.height / 2 ? at + 1 : at }
  }
  return (
    <div className="outline-list">
      {list.stage && <h2 className="outline-stage">{list.stage.name || t('editor.unnamedStage')}</h2>}
      <ol className="plain-list">
        {list.steps.map(step => (
          <li
            key={step.path.join('.')}
            className={
              over?.list === index && over.place === step.place
                ? 'drop-above'
                : over?.list === index && over.place === step.place + 1
                  ? 'drop-below'
                  : ''
            }
            draggable={!readOnly}
            onDragStart={event => {
              event.dataTransfer.setData('text/plain', step.name)
              event.dataTransfer.effectAllowed = 'move'
              dragging.start(step)
            }}
            onDragOver={event => dragging.over(place(event, step.place))}
            onDrop={event => dragging.drop(place(event, step.place))}
            onDragEnd={dragging.end}
          >
            <StepRow step={step} nudge={nudge} move={move} />
          </li>
        ))}
      </ol>
      {!readOnly && <AddStep list={index} place={list.steps.length} />}
    </div>
  )
}

function StepRow({ step, nudge, move }: { step: StepView } & Pick<ListProps, 'nudge' | 'move'>) {
  const { t } = useTranslation('pipelines')
  const { snapshot, catalogue, chosen, choose, change, readOnly } = useEditor()
  const words = useWords()
  const kind = stepKind(catalogue, step.type)
  const { lists } = snapshot.view
  const problems = snapshot.broken
    ? []
    : snapshot.diagnostics.filter(one => one.from >= step.from && one.from <= step.to)
  const worst = problems.some(one => one.severity === 'error') ? 'error' : problems.length > 0 ? 'warning' : null
  const onKey = (event: KeyboardEvent) => {
    if (!event.altKey || readOnly || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return
    event.preventDefault()
    nudge(step, event.key === 'ArrowUp' ? -1 : 1, true)
  }
  const remove = () => {
    if (change((draft, view) => removeAndPrune(draft, (view.steps[step.index] as StepView).path)))
      choose(step.index > 0 ? step.index - 1 : null)
  }
  const copy = () => {
    if (change((draft, view) => copyStep(draft, view, view.steps[step.index] as StepView, freeName(view, step.name))))
      choose(step.index + 1)
  }
  const count = lists[step.list]?.steps.length ?? 0
  const items = [
    {
      key: 'up',
      label: t('editor.moveUp'),
      disabled: step.list === 0 && step.place === 0,
      onClick: () => nudge(step, -1),
    },
    {
      key: 'down',
      label: t('editor.moveDown'),
      disabled: step.list === lists.length - 1 && step.place === count - 1,
      onClick: () => nudge(step, 1),
    },
    ...lists.flatMap((list, index) =>
      list.stage && index !== step.list
        ? [
            {
              key: `to${index}`,
              label: t('editor.moveTo', { stage: list.stage.name }),
              onClick: () => move(step, { list: index, place: list.steps.length }),
            },
          ]
        : [],
    ),
    { key: 'copy', label: t('editor.duplicate'), onClick: copy },
    { type: 'divider' as const },
    { key: 'remove', label: t('editor.removeStep'), danger: true, onClick: remove },
  ]
  return (
    <div className="outline-step">
      {!readOnly && <HolderOutlined className="grip" aria-hidden />}
      <button
        type="button"
        className="outline-row"
        aria-current={chosen === step.index}
        aria-keyshortcuts="Alt+ArrowUp Alt+ArrowDown"
        onClick={() => choose(step.index)}
        onKeyDown={onKey}
      >
        <span className="grow stack" style={{ gap: 0 }}>
          <span className="truncate">{step.name || t('editor.unnamed')}</span>
          <span className="outline-kind truncate">
            {kind ? words(kind.title) : step.type || '—'}
            {step.group && ` · ∥ ${step.group}`}
            {step.order !== null && ` · #${step.order}`}
          </span>
        </span>
        {worst && (
          <span className={`dot ${worst}`} role="img" aria-label={t('editor.problems', { count: problems.length })} />
        )}
      </button>
      {!readOnly && (
        <Dropdown trigger={['click']} menu={{ items }}>
          <Button
            size="small"
            type="text"
            icon={<MoreOutlined />}
            aria-label={t('editor.actionsOf', { name: step.name })}
            aria-haspopup="menu"
          />
        </Dropdown>
      )}
    </div>
  )
}
