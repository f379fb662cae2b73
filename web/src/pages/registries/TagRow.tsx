import RightOutlined from '@ant-design/icons/es/icons/RightOutlined'
import { type UseQueryResult, useQuery } from '@tanstack/react-query'
import { Link, type LinkProps } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { image as imageQuery } from '../../api/queries'
import type { RegistryImage, RegistryView } from '../../api/types'
import { Failure } from '../../components/Failure'
import { PullCommands } from '../../components/images/PullCommands'
import { pullCommand, shortDigest } from '../../lib/images'
import { bytes } from '../../lib/size'
import { CopyButton } from '../../ui/CopyButton'
import { BlockSkeleton, Bone } from '../../ui/Skeletons'
import { Time } from '../../ui/Time'

interface Props {
  registry: RegistryView
  repository: string
  tag: string
  open: boolean
  /** Opens it, or closes it. */
  link: LinkProps
}

/** A tag and, once the registry has told, what it stands for. */
export function TagRow({ registry, repository, tag, open, link }: Props) {
  const { t } = useTranslation('registries')
  // Docker Hub counts each question, so there only what is opened is asked for.
  const query = useQuery({
    ...imageQuery(registry.id, repository, tag),
    enabled: open || registry.kind !== 'dockerhub',
  })
  const command = query.data && pullCommand(query.data.reference)
  return (
    <li className={open ? 'open' : ''}>
      <div className="tag-row">
        <Link {...link} className="tag-name" aria-expanded={open} replace resetScroll={false}>
          <RightOutlined rotate={open ? 90 : 0} aria-hidden="true" />
          <span>{tag}</span>
        </Link>
        <Summary query={query} tag={tag} />
        <span className="tag-copy">
          {command && <CopyButton text={command} label={t('image.copyPull', { name: tag })} word="docker pull" />}
        </span>
      </div>
      {open && <Details query={query} />}
    </li>
  )
}

function Summary({ query, tag }: { query: UseQueryResult<RegistryImage>; tag: string }) {
  const { t } = useTranslation('registries')
  const { data } = query
  if (!data) {
    if (query.isError) return <span className="tag-failed">{t('tags.noDetails')}</span>
    return <span className="tag-loading">{query.isFetching && <Bone width="60%" />}</span>
  }
  return (
    <>
      <Cell name={t('tags.digest')} className="tag-digest">
        <code title={data.digest}>{shortDigest(data.digest)}</code>
        <CopyButton text={data.digest} label={t('image.copyDigest', { name: tag })} />
      </Cell>
      <Cell name={t('tags.size')} className="num">
        {bytes(data.size)}
      </Cell>
      <Cell name={t('tags.built')} className="muted">
        <Time at={data.created} />
      </Cell>
    </>
  )
}

/** Its column tells those who see the page what it is. */
function Cell({ name, className, children }: { name: string; className: string; children: ReactNode }) {
  return (
    <span className={className}>
      <span className="visually-hidden">{name}: </span>
      {children}
    </span>
  )
}

function Details({ query }: { query: UseQueryResult<RegistryImage> }) {
  const { t } = useTranslation('registries')
  const { data } = query
  if (!data) {
    if (query.isError) return <Failure error={query.error} onRetry={() => void query.refetch()} />
    return (
      <div className="pad">
        <BlockSkeleton height={120} />
      </div>
    )
  }
  return (
    <dl className="image-details">
      <PullCommands reference={data.reference} digest={data.digest} />
      <div>
        <dt>{t('tags.digest')}</dt>
        <dd className="digest">
          <code>{data.digest}</code>
          <CopyButton text={data.digest} label={t('image.copyDigest', { name: data.reference })} />
        </dd>
      </div>
      <div>
        <dt>{t('tags.platforms')}</dt>
        <dd>{data.platforms.join(', ') || <span className="muted">{t('tags.unknown')}</span>}</dd>
      </div>
    </dl>
  )
}
