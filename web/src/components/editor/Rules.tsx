import { useTranslation } from 'react-i18next'
import type { StepType } from '../../api/types'
import { useWords } from './context'

/** What holds between parameters, as a hint: the server judges. */
export function Rules({ kind }: { kind: StepType }) {
  const { t } = useTranslation('pipelines')
  const words = useWords()
  if (kind.rules.length === 0) return null
  const title = (key: string) => {
    const param = kind.parameters.find(one => one.key === key)
    return param ? words(param.title) : key
  }
  return (
    <ul className="rules">
      {kind.rules.map(rule => {
        const names = rule.parameters.map(title)
        return (
          <li key={`${rule.kind}:${rule.parameters.join()}`}>
            {t(`rule.${rule.kind}`, { all: names.join(t('rule.comma')), first: names[0], second: names[1] })}
          </li>
        )
      })}
    </ul>
  )
}
