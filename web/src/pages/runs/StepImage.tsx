import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { allRegistries } from '../../api/queries'
import type { StepView } from '../../api/types'
import { PullCommands } from '../../components/images/PullCommands'
import { type ImageName, imageName, registryOf } from '../../lib/images'
import { paths } from '../../lib/paths'
import { bytes } from '../../lib/size'
import { CopyButton } from '../../ui/CopyButton'

/** What these leave is in a registry; of the others only the daemon of the run knows. */
const AT_A_REGISTRY = new Set(['docker_push', 'docker_pull'])

const textOf = (value: unknown) => (typeof value === 'string' && value !== '' ? value : null)

/** The image that a Docker step built, ran, pushed or pulled. */
export function StepImage({ step }: { step: StepView }) {
  const { t } = useTranslation('registries')
  const [reference, digest] = [textOf(step.outputs.docker_image), textOf(step.outputs.digest)]
  if (!step.type.startsWith('docker_') || reference === null) return null
  const { size } = step.outputs
  const isThere = AT_A_REGISTRY.has(step.type)
  return (
    <section aria-labelledby="image-title" className="step-image">
      <h3 id="image-title">{t('image.title')}</h3>
      <dl className="details">
        <div>
          <dt>{t('image.name')}</dt>
          <dd>
            <code>{reference}</code> <CopyButton text={reference} />
          </dd>
        </div>
        {digest && !isThere && (
          <div>
            <dt>{t('tags.digest')}</dt>
            <dd>
              <code>{digest}</code> <CopyButton text={digest} label={t('image.copyDigest', { name: reference })} />
            </dd>
          </div>
        )}
        {typeof size === 'number' && (
          <div>
            <dt>{t('tags.size')}</dt>
            <dd className="num">{bytes(size)}</dd>
          </div>
        )}
        {isThere && <AtRegistry image={imageName(reference)} />}
        {isThere && digest && <PullCommands reference={reference} digest={digest} />}
      </dl>
    </section>
  )
}

/** Leads to the image where its registry is one of those that are stored. */
function AtRegistry({ image }: { image: ImageName }) {
  const { t } = useTranslation('registries')
  const { data = [] } = useQuery(allRegistries)
  const found = registryOf(data, image)
  if (!found) return null
  return (
    <div>
      <dt>{t('image.registry')}</dt>
      <dd>
        <Link {...paths.registry(found.id, { repository: image.repository, tag: image.tag })}>{found.name}</Link>
      </dd>
    </div>
  )
}
