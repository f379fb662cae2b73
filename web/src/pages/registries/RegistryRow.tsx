import { Link } from '@tanstack/react-router'
import Button from 'antd/es/button'
import { Trans, useTranslation } from 'react-i18next'
import { removeRegistry, setDefaultRegistry } from '../../api/commands'
import { keys } from '../../api/queries'
import type { RegistryView } from '../../api/types'
import { useCommand } from '../../components/useCommand'
import { paths } from '../../lib/paths'
import { ConfirmButton } from '../../ui/ConfirmButton'
import { Row } from '../../ui/Records'
import { Time } from '../../ui/Time'
import { LastCheck } from './LastCheck'

interface Props {
  registry: RegistryView
  testing: boolean
  onTest: () => void
  onEdit: () => void
}

export function RegistryRow({ registry: one, testing, onTest, onEdit }: Props) {
  const { t } = useTranslation(['registries', 'settings', 'common'])
  const changes = [keys.registries]
  const remove = useCommand(() => removeRegistry(one.id), { changes })
  const makeDefault = useCommand(() => setDefaultRegistry(one.id), { changes })
  const title = (
    <>
      <Link {...paths.registry(one.id)}>{one.name}</Link>
      {one.is_default && <span className="tag tone-busy">{t('isDefault')}</span>}
      {one.insecure && <span className="tag tone-hold">{t('insecureTag')}</span>}
    </>
  )
  const actions = (
    <>
      <Link {...paths.registry(one.id)} aria-label={`${t('images')} ${one.name}`} className="in-row">
        {t('images')}
      </Link>
      <Button loading={testing} onClick={onTest} aria-label={`${t('act.test')} ${one.name}`}>
        {t('act.test')}
      </Button>
      {!one.is_default && (
        <Button
          loading={makeDefault.isPending}
          onClick={() => makeDefault.mutate(undefined)}
          aria-label={`${t('act.makeDefault')} ${one.name}`}
        >
          {t('act.makeDefault')}
        </Button>
      )}
      <Button onClick={onEdit} aria-label={`${t('common:action.edit')} ${one.name}`}>
        {t('common:action.edit')}
      </Button>
      <ConfirmButton
        danger
        aria-label={`${t('common:action.delete')} ${one.name}`}
        question={t('act.removeQuestion', { name: one.name })}
        consequence={t(one.is_default ? 'act.removeDefaultHelp' : 'act.removeHelp')}
        yes={t('common:action.delete')}
        onConfirm={() => remove.mutateAsync(undefined)}
      >
        {t('common:action.delete')}
      </ConfirmButton>
    </>
  )
  return (
    <Row title={title} actions={actions}>
      {t(`kind.${one.kind}`)}
      {' · '}
      <code>{one.address}</code>
      {' · '}
      <SignsIn registry={one} />
      {' · '}
      <Trans
        t={t}
        i18nKey="settings:updatedBy"
        values={{ name: one.updated_by }}
        components={[<Time key="at" at={one.updated_at} />]}
      />
      <LastCheck check={one.last_check} busy={testing} />
    </Row>
  )
}

export function SignsIn({ registry }: { registry: RegistryView }) {
  const { t } = useTranslation('registries')
  if (registry.username === '') return t('nobodySignsIn')
  return (
    <>
      {t('signsInAs')} <code>{registry.username}</code>
    </>
  )
}
