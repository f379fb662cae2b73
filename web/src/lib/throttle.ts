/** At once, then at most every `ms`, the last call never lost. */
export function throttle(run: () => void, ms: number): (() => void) & { cancel: () => void } {
  let timer: ReturnType<typeof setTimeout> | undefined
  let again = false
  const rest = () => {
    timer = undefined
    if (!again) return
    again = false
    call()
  }
  const call = () => {
    if (timer !== undefined) {
      again = true
      return
    }
    run()
    timer = setTimeout(rest, ms)
  }
  return Object.assign(call, {
    cancel: () => {
      clearTimeout(timer)
      timer = undefined
      again = false
    },
  })
}
