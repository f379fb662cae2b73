import { useQuery } from '@tanstack/react-query'
import Select from 'antd/es/select'
import { useTranslation } from 'react-i18next'
import { namespaces } from '../../api/kube'

interface Props {
  cluster: string
  value: string | undefined
  onChange: (namespace: string | undefined) => void
  /** What holds where none is chosen; left out: all of them. */
  none?: string
}

/** One of a cluster's namespaces, or all of them. Where they may not be listed, a name is typed. */
export function NamespacePicker({ cluster, value, onChange, none }: Props) {
  const { t } = useTranslation('kube')
  const { data = [] } = useQuery(namespaces(cluster))
  const known = value !== undefined && !data.includes(value) ? [value, ...data] : data
  return (
    <Select
      className="namespace-picker"
      showSearch
      allowClear
      aria-label={t('namespace')}
      placeholder={none ?? t('allNamespaces')}
      value={value ?? null}
      options={known.map(name => ({ value: name, label: name }))}
      onChange={(name: string | undefined | null) => onChange(name ?? undefined)}
    />
  )
}
