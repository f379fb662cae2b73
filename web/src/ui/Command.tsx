import { CopyButton } from './CopyButton'

/** A command for a terminal, to be copied. */
export function Command({ text, label }: { text: string; label: string }) {
  return (
    <span className="command">
      <code>{text}</code>
      <CopyButton text={text} label={label} />
    </span>
  )
}
