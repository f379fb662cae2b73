import { useRouter } from '@tanstack/react-router'
import { useEffect } from 'react'
import { paths } from '../../lib/paths'

const GO = {
  d: paths.dashboard(),
  p: paths.pipelines(),
  r: paths.runs(),
  t: paths.triggers(),
  n: paths.notifications(),
  i: paths.registries(),
  s: paths.secrets(),
} as const

function writing(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
}

/** `/` goes to the page's search field (`data-search`), `g` and a letter to a page. */
export function useHotkeys(): void {
  const router = useRouter()
  useEffect(() => {
    let went = 0
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || writing(event.target)) return
      if (event.key === '/') {
        const field = document.querySelector<HTMLInputElement>('input[data-search], [data-search] input')
        if (!field) return
        event.preventDefault()
        field.focus()
        field.select()
      } else if (event.key === 'g') {
        went = event.timeStamp
      } else if (event.timeStamp - went < 1000 && event.key in GO) {
        went = 0
        void router.navigate(GO[event.key as keyof typeof GO])
      }
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [router])
}
