import { useState } from 'react'

/**
 * What a person types, letter by letter, beside what the text says. While the field has the focus its own letters are
 * shown, as long as the text says what they meant; emptied, it is left out only when it is left.
 */
export function useDraft(text: string | null, commit: (text: string | null) => boolean) {
  const [draft, setDraft] = useState<{ typed: string; meant: string | null } | null>(null)
  const typing = draft !== null && draft.meant === text
  return {
    value: typing ? draft.typed : (text ?? ''),
    onChange: (typed: string, meaning: string = typed) => {
      const meant = typed === '' && text === null ? null : meaning
      if (meant === text || commit(meant)) setDraft({ typed, meant })
    },
    onBlur: () => {
      if (typing && draft.typed === '' && text !== null) commit(null)
      setDraft(null)
    },
  }
}
