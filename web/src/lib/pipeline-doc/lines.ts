// Where the lines of a text are. Offsets are UTF-16, as JavaScript, CodeMirror and `yaml` count them.

export class Lines {
  readonly starts: number[] = [0]

  constructor(readonly text: string) {
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) this.starts.push(at + 1)
  }

  get count(): number {
    return this.starts.length
  }

  /** The line, from 0, in which an offset lies. */
  at(offset: number): number {
    let low = 0
    let high = this.starts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((this.starts[middle] ?? 0) <= offset) low = middle
      else high = middle - 1
    }
    return low
  }

  start(line: number): number {
    return this.starts[line] ?? this.text.length
  }

  /** Before its line break. */
  end(line: number): number {
    return line + 1 < this.starts.length ? this.start(line + 1) - 1 : this.text.length
  }

  line(line: number): string {
    return this.text.slice(this.start(line), this.end(line))
  }

  column(offset: number): number {
    return offset - this.start(this.at(offset))
  }

  /** Spaces that a line begins with. */
  indent(line: number): number {
    return /^ */.exec(this.line(line))?.[0].length ?? 0
  }

  isBlank(line: number): boolean {
    return this.line(line).trim() === ''
  }

  isComment(line: number): boolean {
    return /^\s*#/.test(this.line(line))
  }
}

/** A replacement in a text. */
export interface Change {
  from: number
  to: number
  insert: string
}

/** The text after changes that do not overlap and all speak of the text before. */
export function apply(text: string, changes: readonly Change[]): string {
  let result = ''
  let at = 0
  for (const change of inOrder(changes)) {
    if (change.from < at) throw new Error('changes overlap')
    result += text.slice(at, change.from) + change.insert
    at = change.to
  }
  return result + text.slice(at)
}

/** Sorted by place; those at the same place stay in the order they were given. */
export function inOrder(changes: readonly Change[]): Change[] {
  return changes
    .map((change, index) => ({ change, index }))
    .sort((a, b) => a.change.from - b.change.from || a.change.to - b.change.to || a.index - b.index)
    .map(({ change }) => change)
}

/** Without what stays the same at both ends; nothing when all of it does. */
export function trimmed(text: string, { from, to, insert }: Change): Change | null {
  const most = Math.min(to - from, insert.length)
  let head = 0
  while (head < most && text[from + head] === insert[head]) head += 1
  let tail = 0
  while (tail < most - head && text[to - 1 - tail] === insert[insert.length - 1 - tail]) tail += 1
  const change = { from: from + head, to: to - tail, insert: insert.slice(head, insert.length - tail) }
  return change.from === change.to && change.insert === '' ? null : change
}
