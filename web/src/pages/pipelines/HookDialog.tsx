import Modal from 'antd/es/modal'
import Tabs from 'antd/es/tabs'
import { useState } from 'react'
import { Trans, useTranslation } from 'react-i18next'
import { renewHook } from '../../api/commands'
import { keys } from '../../api/queries'
import type { HookSecret, PipelineView } from '../../api/types'
import { useCommand } from '../../components/useCommand'
import { ActionButton } from '../../ui/ActionButton'
import { ConfirmButton } from '../../ui/ConfirmButton'
import { CopyButton } from '../../ui/CopyButton'

const FORGES = ['github', 'gitlab', 'gitea', 'gitee', 'other'] as const

/** Makes an address and a secret, and shows the secret this once with what to do with it. */
export function HookDialog({
  pipeline,
  exists,
  refused,
}: {
  pipeline: PipelineView
  exists: boolean
  refused: string | null
}) {
  const { t } = useTranslation(['pipelines', 'common'])
  const [made, setMade] = useState<HookSecret | null>(null)
  const renew = useCommand(() => renewHook(pipeline.id), {
    changes: [keys.pipeline(pipeline.id)],
    onSuccess: secret => setMade(secret),
  })
  const address = made ? location.origin + made.path : ''
  return (
    <>
      {exists ? (
        <ConfirmButton
          size="small"
          refused={refused}
          question={t('triggers.renewQuestion')}
          consequence={t('triggers.renewHelp')}
          yes={t('triggers.renew')}
          onConfirm={() => renew.mutateAsync(undefined)}
        >
          {t('triggers.renew')}
        </ConfirmButton>
      ) : (
        <ActionButton size="small" refused={refused} loading={renew.isPending} onClick={() => renew.mutate(undefined)}>
          {t('triggers.make')}
        </ActionButton>
      )}
      <Modal
        open={made !== null}
        title={t('triggers.madeTitle')}
        width={640}
        mask={{ closable: false }}
        cancelButtonProps={{ style: { display: 'none' } }}
        okText={t('triggers.kept')}
        onOk={() => setMade(null)}
        onCancel={() => setMade(null)}
      >
        <div className="stack">
          <p className="notice" style={{ margin: 0 }}>
            {t('triggers.once')}
          </p>
          <Copied label={t('triggers.address')} text={address} />
          <Copied label={t('triggers.secret')} text={made?.secret ?? ''} />
          <Tabs
            size="small"
            items={FORGES.map(forge => ({
              key: forge,
              label: t(`triggers.forge.${forge}.name`),
              children: (
                <ol className="steps">
                  {(['first', 'second', 'third'] as const).map(step => (
                    <li key={step}>
                      <Trans
                        t={t}
                        i18nKey={`triggers.forge.${forge}.${step}`}
                        components={{ b: <b />, code: <code /> }}
                      />
                    </li>
                  ))}
                </ol>
              ),
            }))}
          />
        </div>
      </Modal>
    </>
  )
}

function Copied({ label, text }: { label: string; text: string }) {
  return (
    <div className="stack tight">
      <b>{label}</b>
      <span className="row copied">
        <code className="grow">{text}</code>
        <CopyButton text={text} />
      </span>
    </div>
  )
}
