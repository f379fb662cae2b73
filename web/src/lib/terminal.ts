// The frames of a terminal's WebSocket: the first byte says which channel, the rest is its data.

export const STDIN = 0
export const STDOUT = 1
export const STDERR = 2
export const RESIZE = 4
export const STATUS = 3

const encoder = new TextEncoder()
const decoder = new TextDecoder()

export function frame(channel: number, data: string): Uint8Array<ArrayBuffer> {
  const bytes = encoder.encode(data)
  const out = new Uint8Array(bytes.length + 1)
  out[0] = channel
  out.set(bytes, 1)
  return out
}

export const typed = (text: string) => frame(STDIN, text)
/** In the cluster's own words: it wants them with capitals. */
export const resized = (cols: number, rows: number) => frame(RESIZE, JSON.stringify({ Width: cols, Height: rows }))

export interface Frame {
  channel: number
  bytes: Uint8Array
}

export function readFrame(data: ArrayBuffer): Frame | null {
  const all = new Uint8Array(data)
  const channel = all[0]
  return channel === undefined ? null : { channel, bytes: all.subarray(1) }
}

export type End = { code: number } | { why: string }

/** How the command ended, from the status that comes last: ours, or the cluster's own. */
export function endOf(bytes: Uint8Array): End {
  const text = decoder.decode(bytes)
  try {
    const said = JSON.parse(text) as {
      code?: number
      exit_code?: number
      status?: string
      message?: string
      details?: { causes?: { reason?: string; message?: string }[] }
    }
    const cause = said.details?.causes?.find(one => one.reason === 'ExitCode')?.message
    if (said.exit_code !== undefined) return { code: said.exit_code }
    if (cause !== undefined && /^\d+$/.test(cause)) return { code: Number(cause) }
    if (said.status === 'Success') return { code: 0 }
    return { why: said.message ?? text }
  } catch {
    return { why: text }
  }
}

/** A command as a person types it, split into words; quotes keep words together. */
export function words(command: string): string[] {
  const found = command.match(/"[^"]*"|'[^']*'|[^\s"']+/g) ?? []
  return found.map(word => (/^(["']).*\1$/.test(word) ? word.slice(1, -1) : word))
}
