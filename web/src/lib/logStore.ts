// The lines of one attempt's log that are in memory: chunks of 500, the ones not used for longest given up first.
// Knows nothing of the network: `load` fetches a window, `append` is told what a stream brought.

export interface Line {
  /** From 1. */
  number: number
  /** Of its first byte in the file. */
  offset: number
  at: string
  stream: 'stdout' | 'stderr'
  text: string
}

export interface Window {
  lines: Line[]
  total_lines: number
  total_bytes: number
  next_offset: number
  ended: boolean
}

export const CHUNK = 500

interface Options {
  load: (first: number, count: number, signal: AbortSignal) => Promise<Window>
  /** How many chunks are kept at most. */
  chunks?: number
  /** How many characters of text are kept at most (of at least `chunks.min` chunks: what is shown stays). */
  characters?: number
  onError?: (error: unknown) => void
}

const MIN_CHUNKS = 4

const chunkOf = (line: number): number => Math.floor((line - 1) / CHUNK)

export class LogStore {
  total = 0
  bytes = 0
  /** Where a stream goes on. */
  next = 0
  ended = false
  /** Rises with every change, for whoever draws it. */
  revision = 0

  /** In the order of their last use: the first is given up first. */
  private readonly chunks = new Map<number, Line[]>()
  private readonly flying = new Map<number, AbortController>()
  private readonly listeners = new Set<() => void>()
  private characters = 0

  constructor(private readonly options: Options) {}

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  line(number: number): Line | undefined {
    return this.chunks.get(chunkOf(number))?.[(number - 1) % CHUNK]
  }

  /** Sees to it that these lines, and a chunk on either side, are there or on their way; what is far off is not waited for. */
  want(first: number, last: number): void {
    const end = Math.min(last, this.total)
    if (end < 1) return
    const from = chunkOf(Math.max(1, first))
    const to = chunkOf(end)
    for (let index = from; index <= to; index += 1) this.touch(index)
    for (const [index, flight] of this.flying) {
      if (index < from - 1 || index > to + 1) {
        flight.abort()
        this.flying.delete(index)
      }
    }
    for (let index = from; index <= to; index += 1) this.fetch(index)
    // What will probably be seen next, once what is seen now is there.
    this.fetch(to + 1)
    this.fetch(from - 1)
  }

  /** Takes in the first window, fetched elsewhere: such as the end of the log. A stream goes on from it. */
  take(window: Window): void {
    this.next = Math.max(this.next, window.next_offset)
    this.learn(window)
    this.put(window.lines)
    this.tell()
  }

  /** What the stream brought. `next`: where it goes on. Lines that are known already are dropped. */
  append(lines: readonly Line[], next: number): void {
    const known = this.next
    const fresh = lines.filter(line => line.offset >= known)
    this.next = Math.max(this.next, next)
    this.bytes = Math.max(this.bytes, next)
    const last = fresh.at(-1)
    if (!last) return
    const before = this.total
    this.total = Math.max(this.total, last.number)
    // Only what continues a chunk that is here is kept; who looks there later fetches it.
    for (const line of fresh) {
      const index = chunkOf(line.number)
      const place = (line.number - 1) % CHUNK
      let chunk = this.chunks.get(index)
      if (!chunk && place === 0 && (before === 0 || this.chunks.has(index - 1))) {
        chunk = []
        this.chunks.set(index, chunk)
      }
      if (chunk?.length !== place) continue
      chunk.push(line)
      this.characters += line.text.length
    }
    this.evict()
    this.tell()
  }

  end(): void {
    this.ended = true
    this.tell()
  }

  close(): void {
    for (const flight of this.flying.values()) flight.abort()
    this.flying.clear()
  }

  /** For tests and for the curious: what is held. */
  get held(): { chunks: number; characters: number; flying: number } {
    return { chunks: this.chunks.size, characters: this.characters, flying: this.flying.size }
  }

  private fetch(index: number): void {
    const first = index * CHUNK + 1
    const count = Math.min(CHUNK, this.total - first + 1)
    if (index < 0 || count < 1 || this.flying.has(index) || (this.chunks.get(index)?.length ?? 0) >= count) return
    const flight = new AbortController()
    this.flying.set(index, flight)
    this.options.load(first, CHUNK, flight.signal).then(
      window => {
        if (flight.signal.aborted) return
        this.flying.delete(index)
        this.learn(window)
        this.put(window.lines)
        this.tell()
      },
      (error: unknown) => {
        if (flight.signal.aborted) return
        this.flying.delete(index)
        this.options.onError?.(error)
      },
    )
  }

  private learn(window: Window): void {
    this.total = Math.max(this.total, window.total_lines)
    this.bytes = Math.max(this.bytes, window.total_bytes)
    this.ended ||= window.ended
  }

  private put(lines: readonly Line[]): void {
    for (let begin = 0; begin < lines.length; ) {
      const index = chunkOf(lines[begin]?.number ?? 1)
      let end = begin
      while (end < lines.length && chunkOf(lines[end]?.number ?? 1) === index) end += 1
      const part = lines.slice(begin, end)
      // A part that does not begin its chunk (a log's tail) could not be found by number.
      const whole = (part[0]?.number ?? 0) === index * CHUNK + 1
      const old = this.chunks.get(index)
      if (whole && part.length > (old?.length ?? 0)) {
        this.characters += weight(part) - weight(old ?? [])
        this.chunks.delete(index)
        this.chunks.set(index, part)
      }
      begin = end
    }
    this.evict()
  }

  private touch(index: number): void {
    const chunk = this.chunks.get(index)
    if (!chunk) return
    this.chunks.delete(index)
    this.chunks.set(index, chunk)
  }

  private evict(): void {
    const { chunks = 60, characters = 16_000_000 } = this.options
    for (const [index, chunk] of this.chunks) {
      const fits = this.chunks.size <= chunks && this.characters <= characters
      if (fits || this.chunks.size <= MIN_CHUNKS) return
      this.chunks.delete(index)
      this.characters -= weight(chunk)
    }
  }

  private tell(): void {
    this.revision += 1
    for (const listener of this.listeners) listener()
  }
}

const weight = (lines: readonly Line[]): number => lines.reduce((sum, line) => sum + line.text.length, 0)
