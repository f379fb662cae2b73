import { useNavigate } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { kubeKeys, type ObjectPlace, removeObject, restartObject, suspendObject } from '../../api/kube'
import { useCommand } from '../../components/useCommand'
import { RESTARTED, SCALED, SUSPENDED, slugOf } from '../../lib/kube'
import type { ObjectView } from '../../lib/kubeApi'
import { whyNot } from '../../lib/may'
import { objectFacts } from '../../lib/objectFacts'
import { paths } from '../../lib/paths'
import { ActionButton } from '../../ui/ActionButton'
import { ConfirmButton } from '../../ui/ConfirmButton'
import { ScaleDialog } from './ScaleDialog'

/** What can be done to one object; what cannot says why. */
export function ObjectActions({ place, object }: { place: ObjectPlace; object: ObjectView }) {
  const { t } = useTranslation('kube')
  const navigate = useNavigate()
  const [scaling, setScaling] = useState(false)
  const slug = slugOf(place.kind)
  const changes = [kubeKeys.objects(place.cluster)]
  const restart = useCommand(() => restartObject(place), { changes, done: t('do.restarted') })
  const held = useMemo(() => SUSPENDED.has(slug) && objectFacts(object.yaml).suspended, [slug, object.yaml])
  const suspend = useCommand(() => suspendObject(place, !held), {
    changes,
    done: t(held ? 'do.resumed' : 'do.suspended'),
  })
  const remove = useCommand(() => removeObject(place), {
    done: t('do.removed'),
    onSuccess: () => navigate(paths.objects(place.cluster, slug, { namespace: place.namespace ?? undefined })),
  })
  return (
    <>
      {SCALED.has(slug) && (
        <ActionButton refused={whyNot(object, 'scale')} onClick={() => setScaling(true)}>
          {t('do.scale')}
        </ActionButton>
      )}
      {RESTARTED.has(slug) && (
        <ConfirmButton
          refused={whyNot(object, 'restart')}
          question={t('do.restartQuestion', { name: object.name })}
          consequence={t('do.restartHelp')}
          yes={t('do.restart')}
          onConfirm={() => restart.mutateAsync(undefined)}
        >
          {t('do.restart')}
        </ConfirmButton>
      )}
      {SUSPENDED.has(slug) &&
        (held ? (
          <ActionButton
            refused={whyNot(object, 'suspend')}
            loading={suspend.isPending}
            onClick={() => suspend.mutate(undefined)}
          >
            {t('do.resume')}
          </ActionButton>
        ) : (
          <ConfirmButton
            refused={whyNot(object, 'suspend')}
            question={t('do.suspendQuestion', { name: object.name })}
            consequence={t(slug === 'jobs' ? 'do.suspendJob' : 'do.suspendCronJob')}
            yes={t('do.suspend')}
            onConfirm={() => suspend.mutateAsync(undefined)}
          >
            {t('do.suspend')}
          </ConfirmButton>
        ))}
      <ConfirmButton
        danger
        refused={whyNot(object, 'delete')}
        question={t('do.removeQuestion', { name: object.name })}
        consequence={t('do.removeHelp')}
        yes={t('do.remove')}
        onConfirm={() => remove.mutateAsync(undefined)}
      >
        {t('do.remove')}
      </ConfirmButton>
      <ScaleDialog place={place} object={object} open={scaling} onClose={() => setScaling(false)} />
    </>
  )
}
