// Colours of a log that can be read on the page's ground, in both schemes.

import type { Colour, Rgb, Style } from './ansi'
import type { Scheme } from './theme'

const GROUND: Record<Scheme, Rgb> = { light: [255, 255, 255], dark: [18, 18, 21] }
const INK: Record<Scheme, Rgb> = { light: [27, 27, 32], dark: [220, 220, 226] }

const PALETTE: Record<Scheme, readonly Rgb[]> = {
  light: [
    [36, 36, 42],
    [196, 38, 45],
    [24, 121, 78],
    [138, 83, 0],
    [11, 99, 193],
    [142, 36, 170],
    [0, 116, 130],
    [93, 93, 105],
    [110, 110, 122],
    [214, 48, 49],
    [22, 132, 80],
    [154, 96, 0],
    [25, 113, 222],
    [160, 50, 190],
    [0, 128, 144],
    [60, 60, 70],
  ],
  dark: [
    [120, 120, 132],
    [255, 125, 129],
    [76, 203, 143],
    [245, 184, 61],
    [116, 184, 255],
    [214, 150, 255],
    [79, 208, 224],
    [200, 200, 208],
    [150, 150, 162],
    [255, 155, 158],
    [120, 226, 174],
    [255, 209, 110],
    [155, 205, 255],
    [230, 182, 255],
    [130, 226, 238],
    [245, 245, 250],
  ],
}

function luminance([r, g, b]: Rgb): number {
  const part = (value: number) => {
    const share = value / 255
    return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  }
  return 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b)
}

/** As WCAG has it, from 1 to 21. */
export function contrast(a: Rgb, b: Rgb): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number]
  return (light + 0.05) / (dark + 0.05)
}

/** The colour, moved towards black or white until it can be read on the ground. */
export function readable(colour: Rgb, ground: Rgb): Rgb {
  const to: Rgb = luminance(ground) > 0.18 ? [0, 0, 0] : [255, 255, 255]
  for (let share = 0; share < 1; share += 0.1) {
    const mixed = colour.map((value, index) => Math.round(value + ((to[index] ?? 0) - value) * share)) as unknown as Rgb
    if (contrast(mixed, ground) >= 4.5) return mixed
  }
  return to
}

const own = (colour: Colour, scheme: Scheme): Rgb =>
  typeof colour === 'number' ? (PALETTE[scheme][colour] ?? INK[scheme]) : colour

/** Letters and ground in one scheme; the ground is null where it is the page's. */
export function paint(style: Style, scheme: Scheme): { fg: Rgb | null; bg: Rgb | null } {
  let fg = style.fg === undefined ? null : own(style.fg, scheme)
  let bg = style.bg === undefined ? null : own(style.bg, scheme)
  if (style.inverse) [fg, bg] = [bg ?? GROUND[scheme], fg ?? INK[scheme]]
  if (fg === null && bg === null) return { fg, bg }
  return { fg: readable(fg ?? INK[scheme], bg ?? GROUND[scheme]), bg }
}

export const css = (colour: Rgb): string => `rgb(${colour.join(' ')})`
