// Files that people give us, and texts that they take with them.

/** The text of a file; nothing where it is no UTF-8. */
export async function readText(file: Blob): Promise<string | null> {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await file.arrayBuffer())
  } catch {
    return null
  }
}

const MARK = /^--- # ansflow: (.*)$/m

/** Several pipelines in one text, each as it was written. */
export function bundle(items: readonly { name: string; text: string }[]): string {
  return items
    .map(({ name, text }) => `--- # ansflow: ${name.replaceAll('\n', ' ')}\n${text}${text.endsWith('\n') ? '' : '\n'}`)
    .join('')
}

/** The pipelines of a text: what `bundle` has made of them, else the one that it is. */
export function unbundle(text: string): string[] {
  if (!MARK.test(text)) return [text]
  return text.split(/^--- # ansflow: .*\n/m).filter((part, index) => index > 0 || part.trim() !== '')
}

/** Gives a text to the browser to save. */
export function save(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/yaml' }))
  const link = document.createElement('a')
  link.href = url
  link.download = name.replaceAll(/[\\/:*?"<>|\n]/g, '-')
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}
