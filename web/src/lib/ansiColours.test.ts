import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Colour, Rgb } from './ansi'
import { contrast, paint } from './ansiColours'

const PAGE: Record<'light' | 'dark', Rgb> = { light: [255, 255, 255], dark: [18, 18, 21] }
const byte = fc.integer({ min: 0, max: 255 })
const colour: fc.Arbitrary<Colour> = fc.oneof(fc.integer({ min: 0, max: 15 }), fc.tuple(byte, byte, byte))
const maybe = fc.option(colour, { nil: undefined })

test('whatever a program asks for can be read, in both schemes', () => {
  fc.assert(
    fc.property(
      maybe,
      maybe,
      fc.boolean(),
      fc.constantFrom('light' as const, 'dark' as const),
      (fg, bg, inverse, scheme) => {
        const style = {
          ...(fg === undefined ? {} : { fg }),
          ...(bg === undefined ? {} : { bg }),
          ...(inverse ? { inverse: true as const } : {}),
        }
        const painted = paint(style, scheme)
        if (painted.fg) expect(contrast(painted.fg, painted.bg ?? PAGE[scheme])).toBeGreaterThanOrEqual(4.5)
      },
    ),
  )
})

test('without colours there is nothing to paint', () => {
  expect(paint({ bold: true }, 'dark')).toEqual({ fg: null, bg: null })
})
