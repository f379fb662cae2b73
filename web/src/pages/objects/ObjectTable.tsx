import { useVirtualizer } from '@tanstack/react-virtual'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { KindView, ObjectRow } from '../../lib/kubeApi'
import { ObjectLine } from './ObjectLine'

interface Props {
  cluster: string
  kind: KindView
  columns: readonly string[]
  rows: readonly ObjectRow[]
  withNamespace: boolean
  picked: ReadonlySet<string>
  onPick: (picked: ReadonlySet<string>) => void
}

/** As high as the style sheet makes each row of many, with its line: a state with a message has two lines. */
const ROW = 54
/** Up to so many rows all are drawn: then the browser's own search finds them. */
const FEW = 150

/** A table of which only what is seen is drawn. */
export function ObjectTable({ cluster, kind, columns, rows, withNamespace, picked, onPick }: Props) {
  const { t } = useTranslation('kube')
  const box = useRef<HTMLDivElement>(null)
  const many = rows.length > FEW
  const virtual = useVirtualizer({
    count: rows.length,
    enabled: many,
    getScrollElement: () => box.current,
    estimateSize: () => ROW,
    overscan: 12,
  })
  const items = virtual.getVirtualItems()
  const shown = many ? items.flatMap(item => rows[item.index] ?? []) : rows
  const before = many ? (items[0]?.start ?? 0) : 0
  const after = many ? virtual.getTotalSize() - (items.at(-1)?.end ?? 0) : 0
  const width = columns.length + (withNamespace ? 5 : 4)
  const pick = (uid: string, on: boolean) => {
    const next = new Set(picked)
    if (on) next.add(uid)
    else next.delete(uid)
    onPick(next)
  }
  return (
    <section
      ref={box}
      className={`object-table${many ? ' many' : ''}`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable without a mouse
      tabIndex={0}
      aria-label={t('list.name')}
    >
      <table>
        <thead>
          <tr>
            <th aria-label={t('list.chooseAll')} className="pick" />
            <th>{t('list.name')}</th>
            <th>{t('list.state')}</th>
            {withNamespace && <th>{t('list.namespace')}</th>}
            {columns.map(column => (
              <th key={column}>{t(`column.${column}` as 'column.ready', { defaultValue: column })}</th>
            ))}
            <th>{t('list.age')}</th>
          </tr>
        </thead>
        <tbody>
          {before > 0 && <Gap height={before} width={width} />}
          {shown.map(row => (
            <ObjectLine
              key={row.uid}
              cluster={cluster}
              kind={kind}
              row={row}
              columns={columns}
              withNamespace={withNamespace}
              picked={picked.has(row.uid)}
              onPick={on => pick(row.uid, on)}
            />
          ))}
          {after > 0 && <Gap height={after} width={width} />}
        </tbody>
      </table>
    </section>
  )
}

const Gap = ({ height, width }: { height: number; width: number }) => (
  <tr>
    <td colSpan={width} style={{ height, padding: 0, border: 0 }} />
  </tr>
)
