import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type ObjectPlace, revealSecret } from '../../api/kube'
import { useCommand } from '../../components/useCommand'
import type { ObjectView } from '../../lib/kubeApi'
import { whyNot } from '../../lib/may'
import { secretKeys } from '../../lib/secretKeys'
import { ConfirmButton } from '../../ui/ConfirmButton'
import { CopyButton } from '../../ui/CopyButton'

/** The keys of a Secret. A value is shown to who asks for it by name, which is written down before it is answered. */
export function SecretValues({ place, object }: { place: ObjectPlace; object: ObjectView }) {
  const { t } = useTranslation('kube')
  const [shown, setShown] = useState<Record<string, string>>({})
  const reveal = useCommand((key: string) => revealSecret(place, [key]), {
    onSuccess: ({ values }) => setShown(known => ({ ...known, ...values })),
  })
  const keys = secretKeys(object.yaml)
  if (keys.length === 0) return null
  const hide = (key: string) => setShown(({ [key]: _, ...rest }) => rest)
  return (
    <section aria-label={t('secret.title')}>
      <h3>{t('secret.title')}</h3>
      <dl className="values">
        {keys.map(key => (
          <div key={key}>
            <dt className="mono">{key}</dt>
            <dd>
              {shown[key] === undefined ? (
                <>
                  <code className="muted">••••••••</code>
                  <ConfirmButton
                    size="small"
                    refused={whyNot(object, 'reveal')}
                    aria-label={`${t('secret.reveal')} ${key}`}
                    question={t('secret.revealQuestion', { name: key })}
                    consequence={t('secret.revealHelp')}
                    yes={t('secret.reveal')}
                    onConfirm={() => reveal.mutateAsync(key)}
                  >
                    {t('secret.reveal')}
                  </ConfirmButton>
                </>
              ) : (
                <>
                  <code>{shown[key]}</code>
                  <span className="row">
                    <CopyButton text={shown[key]} label={key} />
                    <button type="button" className="toggle" onClick={() => hide(key)}>
                      {t('secret.hide')}
                    </button>
                  </span>
                </>
              )}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
