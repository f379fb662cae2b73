import CloseOutlined from '@ant-design/icons/es/icons/CloseOutlined'
import PlusOutlined from '@ant-design/icons/es/icons/PlusOutlined'
import Button from 'antd/es/button'
import Input from 'antd/es/input'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Endpoint } from '../../../lib/pipeline-doc/endpoints'
import type { ControlProps } from './FieldRow'

const EMPTY: Endpoint = { host: '', container: '', extra: '' }

/** Ports or volumes: what of the host goes where in the container. */
export function EndpointsField({ field, labelledBy, disabled, set }: ControlProps) {
  const { t } = useTranslation('pipelines')
  const rows = field.form?.as === 'rows' ? field.form.rows : []
  const [fresh, setFresh] = useState<Endpoint | null>(null)
  const put = (next: Endpoint[]) => set(next.length > 0 ? { as: 'rows', rows: next } : null)
  const volumes = field.param.kind === 'volumes'
  const words = volumes
    ? { host: t('editor.hostPath'), container: t('editor.containerPath'), extra: 'ro · rw' }
    : { host: t('editor.hostPort'), container: t('editor.containerPort'), extra: 'tcp · udp' }
  const show = (row: Endpoint, key: string, change: (row: Endpoint) => unknown, remove: () => unknown) => (
    <div className="row pair" key={key}>
      {row.whole === undefined ? (
        (['host', 'container', 'extra'] as const).map(part => (
          <Input
            key={part}
            className="mono"
            style={part === 'extra' ? { flex: '0 0 84px' } : { flex: 1, minWidth: 0 }}
            aria-label={words[part]}
            placeholder={words[part]}
            disabled={disabled}
            value={row[part]}
            spellCheck={false}
            onChange={event => change({ ...row, [part]: event.target.value })}
          />
        ))
      ) : (
        <Input
          className="mono"
          aria-label={words.container}
          disabled={disabled}
          value={row.whole}
          onChange={event => change({ ...row, whole: event.target.value })}
        />
      )}
      <Button
        type="text"
        icon={<CloseOutlined />}
        aria-label={t('editor.removeNamed', { name: row.container })}
        disabled={disabled}
        onClick={remove}
      />
    </div>
  )
  const begin = (row: Endpoint) => {
    if (row.container !== '' && (row.host !== '' || !volumes) && put([...rows, row])) setFresh(null)
    else setFresh(row)
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be labelled from elsewhere
    <div role="group" aria-labelledby={labelledBy} className="stack tight">
      {rows.map((row, index) =>
        show(
          row,
          String(index),
          next => put(rows.map((old, at) => (at === index ? next : old))),
          () => put(rows.filter((_, at) => at !== index)),
        ),
      )}
      {fresh && show(fresh, String(rows.length), begin, () => setFresh(null))}
      {!disabled && !fresh && (
        <Button
          size="small"
          type="dashed"
          className="self-start"
          icon={<PlusOutlined />}
          onClick={() => setFresh(EMPTY)}
        >
          {t('editor.add')}
        </Button>
      )}
    </div>
  )
}
