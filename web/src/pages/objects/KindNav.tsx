import { Link, useNavigate } from '@tanstack/react-router'
import Select from 'antd/es/select'
import { useTranslation } from 'react-i18next'
import { KNOWN, slugOf } from '../../lib/kube'
import type { KindView } from '../../lib/kubeApi'
import { paths } from '../../lib/paths'
import { useNarrow } from '../../ui/useNarrow'
import { kindTitle } from './kindTitle'

interface Props {
  cluster: string
  slug: string
  /** All kinds of the cluster, once it has told them. */
  kinds: readonly KindView[] | undefined
  namespace: string | undefined
}

/** Leads to the other kinds of the cluster, in the same namespace. */
export function KindNav({ cluster, slug, kinds = [], namespace }: Props) {
  const { t } = useTranslation('kube')
  const navigate = useNavigate()
  const narrow = useNarrow()
  const own = new Set(KNOWN.map(slugOf))
  const others = kinds.filter(
    kind => !own.has(slugOf(kind)) && (kind.verbs.length === 0 || kind.verbs.includes('list')),
  )
  const option = (kind: KindView) => ({ value: slugOf(kind), label: kindTitle(kind, t), about: kind.group })
  const go = (to: string) => void navigate(paths.objects(cluster, to, { namespace }))
  const more = others.map(option).sort((a, b) => (a.label < b.label ? -1 : 1))
  if (narrow)
    return (
      <Select
        className="wide"
        showSearch={{ optionFilterProp: 'label' }}
        aria-label={t('list.kinds')}
        value={slug}
        options={[...KNOWN.map(option), ...more]}
        onChange={go}
      />
    )
  return (
    <nav className="card kind-nav" aria-label={t('list.kinds')}>
      <ul className="plain-list">
        {KNOWN.map(kind => (
          <li key={slugOf(kind)}>
            <Link
              {...paths.objects(cluster, slugOf(kind), { namespace: kind.namespaced ? namespace : undefined })}
              className="kind-link"
              aria-current={slugOf(kind) === slug ? 'page' : undefined}
            >
              {kindTitle(kind, t)}
            </Link>
          </li>
        ))}
      </ul>
      {more.length > 0 && (
        <Select
          className="wide"
          size="small"
          showSearch={{ optionFilterProp: 'label' }}
          aria-label={t('list.otherKinds')}
          placeholder={t('list.otherKinds')}
          popupMatchSelectWidth={280}
          value={own.has(slug) ? null : slug}
          options={more}
          optionRender={({ data }) => (
            <span className="row between">
              <span className="truncate">{data.label}</span>
              <span className="muted small truncate">{data.about}</span>
            </span>
          )}
          onChange={go}
        />
      )}
    </nav>
  )
}
