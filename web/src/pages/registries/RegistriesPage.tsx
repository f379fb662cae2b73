import ContainerOutlined from '@ant-design/icons/es/icons/ContainerOutlined'
import { useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import Button from 'antd/es/button'
import { useTranslation } from 'react-i18next'
import { registries } from '../../api/queries'
import { Failure } from '../../components/Failure'
import { LoadMore } from '../../components/LoadMore'
import { paths } from '../../lib/paths'
import { EmptyState } from '../../ui/EmptyState'
import { PageHeader } from '../../ui/PageHeader'
import { Records } from '../../ui/Records'
import { RowsSkeleton } from '../../ui/Skeletons'
import { Ticks } from '../../ui/Ticks'
import { RegistryForm } from './RegistryForm'
import { RegistryRow } from './RegistryRow'
import { useTests } from './useTests'
import './registries.css'

const route = getRouteApi('/app/registries')

export default function RegistriesPage() {
  const { t } = useTranslation('registries')
  const { edit } = route.useSearch()
  const navigate = useNavigate()
  const query = useInfiniteQuery(registries)
  const { asked, test } = useTests()
  const items = query.data?.pages.flatMap(page => page.items)
  const open = (id?: string) => void navigate(paths.registries({ edit: id }))
  const close = () => void navigate({ ...paths.registries(), replace: true })
  const add = (
    <Button type="primary" onClick={() => open('new')}>
      {t('add')}
    </Button>
  )
  return (
    <>
      <PageHeader title={t('title')} />
      {items === undefined ? (
        query.isError ? (
          <Failure error={query.error} onRetry={() => void query.refetch()} />
        ) : (
          <RowsSkeleton rows={3} height={88} />
        )
      ) : items.length === 0 ? (
        <EmptyState icon={<ContainerOutlined />} title={t('none')} action={add}>
          {t('noneHelp')}
        </EmptyState>
      ) : (
        <Records intro={<Ticks text={t('intro')} />} action={add}>
          {items.map(one => (
            <RegistryRow
              key={one.id}
              registry={one}
              testing={asked.includes(one.id)}
              onTest={() => test(one.id)}
              onEdit={() => open(one.id)}
            />
          ))}
        </Records>
      )}
      <LoadMore query={query} />
      <RegistryForm
        editing={edit === 'new' ? 'new' : (items?.find(one => one.id === edit) ?? null)}
        onClose={close}
        onStored={stored => {
          close()
          // Whether it answers is what one wants to know next.
          test(stored.id)
        }}
      />
    </>
  )
}
