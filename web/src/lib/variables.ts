// Values of variables as texts that a person edits, and back.

export function asText(value: unknown): string {
  if (typeof value === 'string') return value
  return value === null || value === undefined ? '' : JSON.stringify(value)
}

/** A number stays a number, a list a list, where the text still is one; what was a text stays a text. */
export function fromText(text: string, before: unknown): unknown {
  if (typeof before === 'string') return text
  if ((before === null || before === undefined) && !/^[[{]/.test(text)) return text === '' ? null : text
  try {
    const value: unknown = JSON.parse(text)
    // Digits that a number cannot hold would come out as others.
    return typeof value === 'number' && String(value) !== text.trim() ? text : value
  } catch {
    return text
  }
}
