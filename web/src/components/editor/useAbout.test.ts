import { renderHook } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { startI18n } from '../../i18n/i18n'
import { useAbout } from './useAbout'

// The text side is made anew when what it is made of changes, and a person who types would lose the caret.
describe('what is known of parameters', () => {
  it('stays the same from one drawing to the next', async () => {
    await startI18n()
    const { result, rerender } = renderHook(() => useAbout())
    const first = result.current
    rerender()
    expect(result.current).toBe(first)
  })
})
