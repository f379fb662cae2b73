/** A text in which `code` stands between backticks. */
export function Ticks({ text }: { text: string }) {
  // biome-ignore lint/suspicious/noArrayIndexKey: parts of one text never change places
  return text.split('`').map((part, index) => (index % 2 === 1 ? <code key={index}>{part}</code> : part))
}
