// The server says what may be done; this only reads its answer.

interface Permissions {
  may: string[]
  why_not: Record<string, string>
}

/** Null: it may be done. Else the server's reason (may be empty when it gave none). */
export function whyNot(thing: Permissions, action: string): string | null {
  return thing.may.includes(action) ? null : (thing.why_not[action] ?? '')
}
