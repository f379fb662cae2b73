import { expect, test } from 'vitest'
import { fold, type Message, NOTHING, type PodSquare, readMessage, readyOf, tally, type View } from './monitor'

const web = { kind: 'Deployment', namespace: 'shop', name: 'web' }
const pod = (name: string, state: PodSquare['state'], text = '', restarts = 0): PodSquare => ({
  name,
  state,
  text,
  restarts,
})
const at = (second: number) => `2026-03-02T10:00:${String(second).padStart(2, '0')}Z`

/** A deploy whose image does not exist, as it came over the wire. */
const STORY: Message[] = [
  {
    type: 'rollout',
    at: at(0),
    rollouts: [
      {
        object: web,
        wanted: 2,
        revisions: [
          { name: 'web-7569b', new: true, pods: [] },
          { name: 'web-55d4', new: false, pods: [pod('web-55d4-a', 'ready'), pod('web-55d4-b', 'ready')] },
        ],
      },
    ],
    waiting: { for: '0 of 2 new pods ready', objects: [web] },
  },
  {
    type: 'pod',
    at: at(1),
    object: web,
    revision: 'web-7569b',
    pod: pod('web-7569b-z', 'progressing', 'being scheduled'),
  },
  {
    type: 'event',
    at: at(1),
    object: { kind: 'Pod', namespace: 'shop', name: 'web-7569b-z' },
    kind: 'Normal',
    reason: 'Pulling',
    text: 'Pulling image',
    times: 1,
  },
  {
    type: 'event',
    at: at(2),
    object: { kind: 'Pod', namespace: 'shop', name: 'web-7569b-z' },
    kind: 'Warning',
    reason: 'Failed',
    text: 'not found',
    times: 1,
  },
  { type: 'pod', at: at(2), object: web, revision: 'web-7569b', pod: pod('web-7569b-z', 'stuck', 'ErrImagePull') },
  { type: 'pod', at: at(2), object: web, revision: 'web-55d4', gone: 'web-55d4-b' },
  {
    type: 'event',
    at: at(3),
    object: { kind: 'Pod', namespace: 'shop', name: 'web-7569b-z' },
    kind: 'Warning',
    reason: 'Failed',
    text: 'not found',
    times: 2,
  },
  { type: 'log', at: at(3), pod: 'web-7569b-z', container: 'app', previous: false, lines: ['a'] },
  { type: 'log', at: at(4), pod: 'web-7569b-z', container: 'app', previous: false, lines: ['a', 'b'] },
  {
    type: 'verdict',
    at: at(4),
    verdict: { outcome: 'failed', cause: 'image_pull', object: web, summary: 'Pod/web cannot start', evidence: [] },
  },
  { type: 'end', at: at(4) },
]
const all = (messages: Message[], from: View = NOTHING) => messages.reduce(fold, from)

test('a story leads to its picture', () => {
  const view = all(STORY)
  const [rollout] = view.rollouts
  expect(rollout?.revisions.map(one => one.pods.map(({ name, state }) => `${name} ${state}`))).toEqual([
    ['web-7569b-z stuck'],
    ['web-55d4-a ready'],
  ])
  expect(view.events.map(({ reason, times }) => `${reason} ${times}`)).toEqual(['Pulling 1', 'Failed 2'])
  expect(view.logs.map(one => one.lines)).toEqual([['a', 'b']])
  expect([view.verdict?.cause, view.ended, view.waiting]).toEqual(['image_pull', true, null])
})

test('who joins late sees what the others see, wherever the snapshot was taken', () => {
  const whole = all(STORY)
  for (let cut = 1; cut < STORY.length; cut += 1) {
    const { rollouts, waiting, events, logs, verdict, ended } = all(STORY.slice(0, cut))
    const snapshot: Message = { type: 'snapshot', at: at(9), rollouts, waiting, events, logs, verdict, ended }
    // What was known before a break is replaced, not added to.
    expect(all([snapshot, ...STORY.slice(cut)], all(STORY.slice(0, 4)))).toEqual(whole)
  }
})

test('a pod stands in one place only, by name within its version', () => {
  const view = all([
    ...STORY.slice(0, 2),
    { type: 'pod', at: at(5), object: web, revision: 'web-7569b', pod: pod('web-7569b-a', 'ready') },
  ])
  expect(view.rollouts[0]?.revisions[0]?.pods.map(one => one.name)).toEqual(['web-7569b-a', 'web-7569b-z'])
})

test('a pod of a version that was not drawn yet is drawn', () => {
  const view = all([
    ...STORY.slice(0, 1),
    { type: 'pod', at: at(5), object: web, revision: 'web-new', pod: pod('web-new-a', 'progressing') },
  ])
  expect(view.rollouts[0]?.revisions.at(-1)?.pods).toHaveLength(1)
})

test('what is said to have happened five hundred times is not kept for ever', () => {
  const many = Array.from(
    { length: 700 },
    (_, index): Message => ({
      type: 'event',
      at: at(1),
      object: web,
      kind: 'Normal',
      reason: 'Scaled',
      text: `to ${index}`,
      times: 1,
    }),
  )
  expect(all(many).events).toHaveLength(500)
})

test('words of a later version, and what is no message, change nothing', () => {
  const view = all(STORY.slice(0, 3))
  expect(fold(view, { type: 'dance', at: at(9) } as unknown as Message)).toBe(view)
  expect(readMessage('{"type":"end","at":"x"}')).toEqual({ type: 'end', at: 'x' })
  expect([readMessage('nonsense'), readMessage('3'), readMessage('{}'), readMessage(new Blob())]).toEqual([
    null,
    null,
    null,
    null,
  ])
})

test('pods are counted by what matters most', () => {
  const [rollout] = all(STORY).rollouts
  if (!rollout) throw new Error('no rollout')
  expect(tally(rollout)).toEqual([
    { state: 'stuck', count: 1 },
    { state: 'ready', count: 1 },
  ])
  expect(readyOf(rollout)).toBe(0)
})
