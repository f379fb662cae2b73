import Checkbox from 'antd/es/checkbox'
import Input from 'antd/es/input'
import Select from 'antd/es/select'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ObjectPlace, PodsWanted } from '../../api/kube'
import { slugOf } from '../../lib/kube'
import type { ObjectView, TreeNode } from '../../lib/kubeApi'
import { podSelector } from '../../lib/podSelector'
import { useKept } from '../../ui/useKept'
import { LiveLog } from './LiveLog'

interface Props {
  place: ObjectPlace
  object: ObjectView
}

const TAILS = [100, 500, 2000, 10_000]

/** What the pods of an object write, as they write it. */
export function LogsTab({ place, object }: Props) {
  const { t } = useTranslation('kube')
  const own = slugOf(place.kind) === 'pods'
  const pods = own ? [place.name] : podsOf(object.tree ?? [])
  const [pod, setPod] = useState<string>()
  const [container, setContainer] = useState<string>()
  const [previous, setPrevious] = useState(false)
  const [tail, setTail] = useState(500)
  const [text, setText] = useState('')
  const [wrap, setWrap] = useKept('ansflow.log.wrap', false)
  const selector = useMemo(() => podSelector(object.yaml) ?? '', [object.yaml])
  const wanted: PodsWanted =
    pod !== undefined || own || selector === '' ? { pod: pod ?? pods[0] ?? place.name } : { selector }
  const many = 'selector' in wanted
  const { containers = [] } = object
  return (
    <div className="tab-body stack tight">
      <div className="tab-bar">
        {!own && (
          <Select
            allowClear={selector !== ''}
            showSearch
            aria-label={t('logs.pod')}
            placeholder={t('logs.pod')}
            popupMatchSelectWidth={false}
            value={pod ?? null}
            options={pods.map(name => ({ value: name, label: name }))}
            onChange={(name: string | null | undefined) => setPod(name ?? undefined)}
          />
        )}
        {containers.length > 1 && (
          <Select
            allowClear
            aria-label={t('logs.container')}
            placeholder={t('logs.allContainers')}
            popupMatchSelectWidth={false}
            value={container ?? null}
            options={containers.map(name => ({ value: name, label: name }))}
            onChange={(name: string | null | undefined) => setContainer(name ?? undefined)}
          />
        )}
        <Select
          aria-label={t('logs.tail')}
          value={tail}
          options={TAILS.map(value => ({ value, label: `${t('logs.tail')}: ${value}` }))}
          popupMatchSelectWidth={false}
          onChange={setTail}
        />
        <Input
          data-search
          allowClear
          className="log-filter"
          value={text}
          placeholder={t('logs.search')}
          aria-label={t('logs.search')}
          onChange={event => setText(event.target.value)}
        />
        {!many && (
          <Checkbox checked={previous} onChange={event => setPrevious(event.target.checked)}>
            {t('logs.previous')}
          </Checkbox>
        )}
        <Checkbox checked={wrap} onChange={event => setWrap(event.target.checked)}>
          {t('logs.wrap')}
        </Checkbox>
      </div>
      <LiveLog
        key={JSON.stringify([wanted, container, previous, tail])}
        cluster={place.cluster}
        namespace={place.namespace ?? 'default'}
        pods={wanted}
        wanted={{ container, previous: (!many && previous) || undefined, tail }}
        only={text}
        wrap={wrap}
        named={many || (containers.length > 1 && container === undefined)}
      />
    </div>
  )
}

function podsOf(nodes: readonly TreeNode[]): string[] {
  return nodes.flatMap(node => [...(node.kind === 'Pod' ? [node.name] : []), ...podsOf(node.children ?? [])])
}
