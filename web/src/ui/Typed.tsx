import { type ChangeEvent, type ReactNode, useRef, useState } from 'react'

interface Props {
  value: string
  /** Told a moment after the last key. */
  onChange: (value: string) => void
  children: (props: {
    value: string
    onChange: (event: ChangeEvent<HTMLInputElement>) => void
    onPressEnter: () => void
  }) => ReactNode
}

/** A draft of a text that takes effect once the writer pauses; a change from outside replaces it. */
export function Typed({ value, onChange, children }: Props) {
  const [draft, setDraft] = useState(value)
  const [seen, setSeen] = useState(value)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  if (seen !== value) {
    setSeen(value)
    setDraft(value)
  }
  const say = (text: string) => {
    clearTimeout(timer.current)
    if (text !== value) onChange(text)
  }
  return children({
    value: draft,
    onChange: event => {
      const text = event.target.value
      setDraft(text)
      clearTimeout(timer.current)
      timer.current = setTimeout(() => say(text), text === '' ? 0 : 350)
    },
    onPressEnter: () => say(draft),
  })
}
