import { Link } from '@tanstack/react-router'
import Checkbox from 'antd/es/checkbox'
import { useTranslation } from 'react-i18next'
import { StateTag } from '../../components/kube/StateTag'
import { age, slugOf } from '../../lib/kube'
import type { KindView, ObjectRow } from '../../lib/kubeApi'
import { paths } from '../../lib/paths'
import { useNow } from '../../ui/clock'
import { Time } from '../../ui/Time'

interface Props {
  cluster: string
  kind: KindView
  row: ObjectRow
  columns: readonly string[]
  withNamespace: boolean
  picked: boolean
  onPick: (on: boolean) => void
}

export function ObjectLine({ cluster, kind, row, columns, withNamespace, picked, onPick }: Props) {
  const { t } = useTranslation('kube')
  const now = useNow('minute')
  return (
    <tr data-object={row.name}>
      <td className="pick">
        <Checkbox
          checked={picked}
          aria-label={t('list.choose', { name: row.name })}
          onChange={event => onPick(event.target.checked)}
        />
      </td>
      <th scope="row">
        <Link {...paths.object(cluster, slugOf(kind), row.namespace, row.name)} className="mono">
          {row.name}
        </Link>
      </th>
      <td>
        <StateTag state={row.state} bare />
        {row.message && row.state !== 'ready' && (
          <span className="muted small object-message" title={row.message}>
            {row.message}
          </span>
        )}
      </td>
      {withNamespace && <td>{row.namespace}</td>}
      {columns.map((column, index) => (
        <Cell key={column} column={column} cell={row.cells[index] ?? null} />
      ))}
      <td className="num nowrap" title={row.created_at ?? ''}>
        {age(row.created_at, now)}
      </td>
    </tr>
  )
}

function Cell({ column, cell }: { column: string; cell: unknown }) {
  if (cell === null) return <td className="muted">–</td>
  if (typeof cell === 'number') return <td className="num">{cell}</td>
  const text = String(cell)
  // The name of a column of times says so.
  if (column.endsWith('_at'))
    return (
      <td>
        <Time at={text} />
      </td>
    )
  return (
    <td className="object-cell" title={text}>
      {text}
    </td>
  )
}
