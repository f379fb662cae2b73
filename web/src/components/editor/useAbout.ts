import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import type { Param } from '../../lib/pipeline-doc/catalogue'
import { useWords } from './context'

/** Title and help of a parameter or setting. The same function until the language changes: the text side is made of it. */
export function useAbout(): (param: Param) => { title: string; help: string } {
  const { t, i18n } = useTranslation('pipelines')
  const words = useWords()
  return useCallback(
    (param: Param) => {
      if (!param.label) return { title: words(param.title), help: words(param.help) }
      const title = `setting.${param.label}.title` as 'setting.common.env.title'
      const help = `setting.${param.label}.help` as 'setting.common.env.help'
      return { title: t(title), help: i18n.exists(`pipelines:${help}`) ? t(help) : '' }
    },
    [t, i18n, words],
  )
}
