import Button from 'antd/es/button'
import Modal from 'antd/es/modal'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import type { PipelineView } from '../../api/types'
import { BlockSkeleton } from '../../ui/Skeletons'

const Diff = lazy(() => import('../../ui/Diff').then(({ Diff }) => ({ default: Diff })))

interface Props {
  theirs: PipelineView | null
  mine: string
  saving: boolean
  onKeepMine: () => void
  onTakeTheirs: () => void
  onClose: () => void
}

/** Two people have changed the same pipeline: shows both, and lets the one who is here decide. */
export function ConflictDialog({ theirs, mine, saving, onKeepMine, onTakeTheirs, onClose }: Props) {
  const { t } = useTranslation('pipelines')
  return (
    <Modal
      open={theirs !== null}
      title={t('edit.conflict')}
      width={980}
      onCancel={onClose}
      footer={[
        <Button key="close" onClick={onClose}>
          {t('edit.goOn')}
        </Button>,
        <Button key="theirs" onClick={onTakeTheirs}>
          {t('edit.takeTheirs')}
        </Button>,
        <Button key="mine" type="primary" danger loading={saving} onClick={onKeepMine}>
          {t('edit.keepMine')}
        </Button>,
      ]}
    >
      {theirs && (
        <div className="stack">
          <p>{t('edit.conflictHelp', { by: theirs.updated_by, version: theirs.version })}</p>
          <Suspense fallback={<BlockSkeleton height={320} />}>
            <Diff
              before={theirs.text.replaceAll('\r\n', '\n')}
              after={mine}
              unified={matchMedia('(max-width: 800px)').matches}
              label={t('edit.conflict')}
              names={[t('edit.theirs', { version: theirs.version }), t('edit.mine')]}
              phrases={t('versions.phrases', { returnObjects: true })}
            />
          </Suspense>
        </div>
      )}
    </Modal>
  )
}
