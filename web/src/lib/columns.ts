// Steps as columns: each stands right of all that it waits for.

export interface Placed {
  index: number
  column: number
  row: number
}

/** Place of every step; a circle, which a valid pipeline has not, ends where it began. */
export function columns(needs: readonly (readonly number[])[]): Placed[] {
  const level: number[] = needs.map(() => 0)
  for (let round = 0; round < needs.length; round += 1) {
    let changed = false
    for (const [index, before] of needs.entries()) {
      const wanted = before.length === 0 ? 0 : Math.max(...before.map(one => level[one] ?? 0)) + 1
      if (wanted !== level[index] && wanted <= needs.length) {
        level[index] = wanted
        changed = true
      }
    }
    if (!changed) break
  }
  const filled = new Map<number, number>()
  return level.map((column, index) => {
    const row = filled.get(column) ?? 0
    filled.set(column, row + 1)
    return { index, column, row }
  })
}
