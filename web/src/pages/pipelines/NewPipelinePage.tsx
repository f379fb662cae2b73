import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { stepTypes } from '../../api/queries'
import { Loaded } from '../../components/Loaded'
import { paths } from '../../lib/paths'
import { PageHeader } from '../../ui/PageHeader'
import { BlockSkeleton } from '../../ui/Skeletons'
import { NewSession } from './NewSession'
import { StartWith } from './StartWith'
import './pipelines.css'

export default function NewPipelinePage() {
  const { t } = useTranslation('pipelines')
  const [text, setText] = useState<string | null>(null)
  const types = useQuery(stepTypes)
  const crumbs = <Link {...paths.pipelines()}>{t('title')}</Link>
  return (
    <>
      <PageHeader title={t('create.title')} crumbs={crumbs} />
      {text === null ? (
        <StartWith onText={setText} />
      ) : (
        <Loaded query={types} skeleton={<BlockSkeleton height="70dvh" />}>
          {catalogue => <NewSession start={text} catalogue={catalogue} onBack={() => setText(null)} />}
        </Loaded>
      )}
    </>
  )
}
