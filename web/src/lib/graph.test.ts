import { expect, test } from 'vitest'
import { type GraphStep, layout } from './graph'

const step = (index: number, needs: number[], stage: string | null = null, group: string | null = null): GraphStep => ({
  index,
  name: `s${index}`,
  stage,
  group,
  needs,
})

test('a step stands to the right of what it needs', () => {
  const { boxes, edges } = layout([step(0, []), step(1, [0]), step(2, [0]), step(3, [1, 2])])
  for (const [from, to] of edges) expect(boxes.get(to)?.x).toBeGreaterThan(boxes.get(from)?.x ?? 0)
  expect(boxes.get(1)?.y).not.toBe(boxes.get(2)?.y)
})

test('frames hold their steps', () => {
  const steps = [
    step(0, [], 'build'),
    step(1, [0], 'build', 'tests'),
    step(2, [0], 'build', 'tests'),
    step(3, [1, 2], 'deploy'),
  ]
  const { boxes, frames } = layout(steps)
  expect(frames.map(frame => [frame.kind, frame.label])).toEqual([
    ['stage', 'build'],
    ['stage', 'deploy'],
    ['group', 'tests'],
  ])
  const tests = frames[2]
  const box = boxes.get(1)
  if (!tests || !box) throw new Error('both were made')
  expect(tests.x).toBeLessThan(box.x)
  expect(tests.x + tests.width).toBeGreaterThan(box.x + box.width)
})

test('a need that is not there is no edge', () => {
  expect(layout([step(0, [7])]).edges).toEqual([])
  expect(layout([]).frames).toEqual([])
})
