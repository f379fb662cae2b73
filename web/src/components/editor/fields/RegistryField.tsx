import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { allRegistries } from '../../../api/queries'
import type { ControlProps } from './FieldRow'
import { SuggestField } from './SuggestField'

/** A registry by its name: those that are stored are offered, and any other word can be written. */
export function RegistryField(props: ControlProps) {
  const { t } = useTranslation('registries')
  const { data = [] } = useQuery(allRegistries)
  const standing = data.find(one => one.is_default)
  const options = [
    ...data.map(one => ({ value: one.name, about: one.address })),
    ...(standing ? [{ value: 'default', about: standing.name }] : []),
  ]
  return <SuggestField {...props} options={options} none={data.length === 0 ? t('none') : null} />
}
