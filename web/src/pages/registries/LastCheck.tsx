import { useTranslation } from 'react-i18next'
import type { RegistryView } from '../../api/types'
import { StatusIcon } from '../../ui/StatusIcon'
import { Ticks } from '../../ui/Ticks'
import { Time } from '../../ui/Time'

/** What came of asking the registry last, in the server's own sentence, which names the cause. */
export function LastCheck({ check, busy }: { check: RegistryView['last_check']; busy: boolean }) {
  const { t } = useTranslation('registries')
  return (
    <span className="last-check" role="status">
      {busy ? (
        <span className="tag tone-busy">
          <StatusIcon status="running" />
          {t('check.now')}
        </span>
      ) : check === null ? (
        t('check.never')
      ) : (
        <>
          <span className={`tag tone-${check.ok ? 'good' : 'bad'}`}>
            <StatusIcon status={check.ok ? 'success' : 'failed'} />
            {t(check.ok ? 'check.ok' : 'check.failed')}
          </span>{' '}
          <span className={check.ok ? '' : 'said'}>
            <Ticks text={check.message} />
          </span>
          {' · '}
          <Time at={check.at} />
        </>
      )}
    </span>
  )
}
