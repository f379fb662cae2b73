import { expect, test } from 'vitest'
import { parseAnsi, plainText, type Style } from './ansi'

const E = '\u001b'
const style = (text: string): Style | null | undefined => parseAnsi(text).at(-1)?.style

test.each<[string, string, Style | null]>([
  ['nothing', 'x', null],
  ['a colour', `${E}[31mx`, { fg: 1 }],
  ['a bright colour', `${E}[96mx`, { fg: 14 }],
  ['a ground', `${E}[42mx`, { bg: 2 }],
  ['a bright ground', `${E}[107mx`, { bg: 15 }],
  [
    'several at once',
    `${E}[1;3;4;9;31;44mx`,
    { bold: true, italic: true, underline: true, strike: true, fg: 1, bg: 4 },
  ],
  ['one after another', `${E}[1m${E}[32mx`, { bold: true, fg: 2 }],
  ['reset', `${E}[1;31m${E}[0mx`, null],
  ['reset without a number', `${E}[31m${E}[mx`, null],
  ['reset in between', `${E}[31;0;1mx`, { bold: true }],
  ['bold off', `${E}[1;2m${E}[22mx`, null],
  ['colour off', `${E}[31;42m${E}[39mx`, { bg: 2 }],
  ['inverse', `${E}[7mx`, { inverse: true }],
  ['of 256, the palette', `${E}[38;5;9mx`, { fg: 9 }],
  ['of 256, the cube', `${E}[38;5;208mx`, { fg: [255, 135, 0] }],
  ['of 256, a grey', `${E}[48;5;244mx`, { bg: [128, 128, 128] }],
  ['true colour', `${E}[38;2;10;20;30mx`, { fg: [10, 20, 30] }],
  ['true colour with colons', `${E}[38:2::10:20:30mx`, { fg: [10, 20, 30] }],
  ['true colour with colons, short', `${E}[38:2:10:20:30mx`, { fg: [10, 20, 30] }],
  ['what follows a true colour', `${E}[38;2;10;20;30;1mx`, { fg: [10, 20, 30], bold: true }],
  ['no such colour', `${E}[38;5;256mx`, null],
  ['no such true colour', `${E}[38;2;300;0;0mx`, null],
  ['a colour cut short', `${E}[38mx`, null],
  ['curly underline', `${E}[4:3mx`, { underline: true }],
  ['8-bit CSI', '\u009b32mx', { fg: 2 }],
  ['private, no SGR', `${E}[?31mx`, null],
  ['unknown codes', `${E}[5;53;73mx`, null],
])('%s', (_, text, wanted) => {
  expect(style(text)).toEqual(wanted)
})

test.each<[string, string, string]>([
  ['cursor movement', `a${E}[2Jb${E}[1;1Hc${E}[Kd`, 'abcd'],
  ['a window title', `a${E}]0;evil\u0007b`, 'ab'],
  ['a link', `${E}]8;;https://evil.example${E}\\text${E}]8;;${E}\\`, 'text'],
  ['a device string', `a${E}Pq#0;2;0;0;0${E}\\b`, 'ab'],
  ['a string without end', `a${E}]0;title`, 'a'],
  ['a sequence cut short', `a${E}[31`, 'a'],
  ['a lone escape', `a${E}`, 'a'],
  ['character sets', `a${E}(Bb`, 'ab'],
  ['control characters', 'a\u0000\u0007\u0008b\u007fc\u0085d', 'abcd'],
  ['tabs stay', 'a\tb', 'a\tb'],
  ['8-bit OSC', 'a\u009d0;x\u009cb', 'ab'],
  ['a return at the end', 'done\r', 'done'],
  ['a progress bar', '10%\r50%\r100%', '100%'],
  ['markup is text', '<img src=x onerror=alert(1)>', '<img src=x onerror=alert(1)>'],
  ['any script', '构建 ✓ 🚀', '构建 ✓ 🚀'],
])('stripped: %s', (_, text, wanted) => {
  expect(plainText(text)).toBe(wanted)
})

test('pieces know where they began', () => {
  expect(parseAnsi(`ab${E}[31mcd${E}[0mef`)).toEqual([
    { text: 'ab', style: null, from: 0 },
    { text: 'cd', style: { fg: 1 }, from: 7 },
    { text: 'ef', style: null, from: 13 },
  ])
})

test('a hostile line takes no time', () => {
  const before = performance.now()
  for (const text of [
    `${E}[`.repeat(50_000),
    `${E}]`.repeat(50_000),
    `${E}[${';'.repeat(50_000)}m`,
    `${E}[1`.repeat(50_000),
  ]) {
    parseAnsi(text)
  }
  expect(performance.now() - before).toBeLessThan(1500)
})
