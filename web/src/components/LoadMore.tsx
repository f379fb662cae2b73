import Button from 'antd/es/button'
import { useTranslation } from 'react-i18next'

interface Props {
  query: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => unknown }
}

/** The end of a list that has more. */
export function LoadMore({ query }: Props) {
  const { t } = useTranslation()
  if (!query.hasNextPage) return null
  return (
    <div style={{ padding: 16, textAlign: 'center' }}>
      <Button loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
        {t('action.loadMore')}
      </Button>
    </div>
  )
}
