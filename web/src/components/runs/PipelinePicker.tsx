import { useQuery } from '@tanstack/react-query'
import Select from 'antd/es/select'
import { useTranslation } from 'react-i18next'
import { allPipelines } from '../../api/queries'

interface Props {
  value: string | undefined
  onChange: (id: string | undefined) => void
}

/** A choice of one pipeline, or of all. */
export function PipelinePicker({ value, onChange }: Props) {
  const { t } = useTranslation('runs')
  const { data, isPending } = useQuery(allPipelines)
  return (
    <Select
      allowClear
      showSearch={{ optionFilterProp: 'label' }}
      loading={isPending}
      aria-label={t('filter.pipeline')}
      placeholder={t('filter.pipeline')}
      popupMatchSelectWidth={280}
      // antd says undefined when it is cleared.
      onChange={(id: string | undefined) => onChange(id)}
      options={(data ?? []).map(({ id, name }) => ({ value: id, label: name }))}
      {...(value === undefined ? {} : { value })}
    />
  )
}
