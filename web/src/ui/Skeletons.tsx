import { useTranslation } from 'react-i18next'

// Grey shapes of the size of what is coming, so that nothing jumps when it is there.

export function Bone({ width = '100%', height = 14 }: { width?: number | string; height?: number | string }) {
  return <span className="bone" style={{ width, height }} />
}

/** Says once, to those who cannot see the shapes, that something is loading. */
function Loading({ children }: { children: React.ReactNode }) {
  const { t } = useTranslation()
  return (
    <div role="status">
      <span className="visually-hidden">{t('loading')}</span>
      <div aria-hidden="true">{children}</div>
    </div>
  )
}

export function RowsSkeleton({ rows = 8, height = 44 }: { rows?: number; height?: number }) {
  return (
    <Loading>
      {Array.from({ length: rows }, (_, row) => row).map(row => (
        <div key={row} className="row" style={{ height, padding: '0 16px', borderBottom: '1px solid var(--border)' }}>
          <Bone width={18} height={18} />
          <Bone width={`${30 + ((row * 17) % 30)}%`} />
          <span className="grow" />
          <Bone width={70} />
        </div>
      ))}
    </Loading>
  )
}

export function BlockSkeleton({ height }: { height: number | string }) {
  return (
    <Loading>
      <Bone height={height} />
    </Loading>
  )
}

/** A title and a list: what most pages become. */
export function PageSkeleton() {
  return (
    <Loading>
      <div style={{ padding: '4px 0 24px' }}>
        <Bone width={220} height={24} />
      </div>
      <div className="card">
        <RowsSkeleton />
      </div>
    </Loading>
  )
}
