// An object's text while a person edits it and the cluster goes on: what the cluster counts by itself is no change of
// somebody else's.

const COUNTED = /^ {2}(resourceVersion|generation): .*$/

/** The text without what the cluster writes there: its counters, and the status. */
export function wishes(text: string): string {
  const out: string[] = []
  let inMetadata = false
  let inStatus = false
  for (const line of text.split('\n')) {
    if (/^\S/.test(line)) {
      inMetadata = line.startsWith('metadata:')
      inStatus = line.startsWith('status:')
    }
    if (!inStatus && !(inMetadata && COUNTED.test(line))) out.push(line)
  }
  return out.join('\n')
}

/** Whether only the cluster's own counters and status went on between two texts. */
export const sameWishes = (one: string, other: string): boolean => wishes(one) === wishes(other)

/** A draft of an older text as one of a newer text that wishes the same. */
export function broughtUp(draft: string, version: string): string {
  return draft.replace(/^( {2}resourceVersion: ).*$/m, (_, key: string) => `${key}${JSON.stringify(version)}`)
}
