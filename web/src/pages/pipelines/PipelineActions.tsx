import CaretRightOutlined from '@ant-design/icons/es/icons/CaretRightOutlined'
import EditOutlined from '@ant-design/icons/es/icons/EditOutlined'
import MoreOutlined from '@ant-design/icons/es/icons/MoreOutlined'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import App from 'antd/es/app'
import Button from 'antd/es/button'
import Dropdown from 'antd/es/dropdown'
import Input from 'antd/es/input'
import Modal from 'antd/es/modal'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { batchPipelines, clonePipeline, removePipeline } from '../../api/commands'
import { hrefs } from '../../api/hrefs'
import { keys } from '../../api/queries'
import type { PipelineView } from '../../api/types'
import { useCommand } from '../../components/useCommand'
import { whyNot } from '../../lib/may'
import { paths } from '../../lib/paths'
import { ActionButton } from '../../ui/ActionButton'

/** What can be done with a pipeline. */
export function PipelineActions({ pipeline, onRun }: { pipeline: PipelineView; onRun: () => void }) {
  const { t } = useTranslation(['pipelines', 'common'])
  const { modal, message } = App.useApp()
  const navigate = useNavigate()
  const client = useQueryClient()
  const [cloning, setCloning] = useState(false)
  const remove = useCommand(removePipeline, {
    done: t('act.deleted'),
    // First away from it: here all of it would be asked for once more.
    onSuccess: async () => {
      await navigate(paths.pipelines())
      client.removeQueries({ queryKey: keys.pipeline(pipeline.id) })
      void client.invalidateQueries({ queryKey: keys.pipelines })
    },
  })
  const toggle = useCommand(
    () => batchPipelines({ action: pipeline.enabled ? 'disable' : 'enable', pipelines: [pipeline.id] }),
    {
      changes: [keys.pipelines],
      onSuccess: ({ items }) => {
        const problem = items[0]?.problem
        if (problem) void message.error(problem.detail)
      },
    },
  )
  const askToDelete = () =>
    modal.confirm({
      title: t('act.deleteQuestion', { name: pipeline.name }),
      content: t('act.deleteHelp'),
      okText: t('common:action.delete'),
      cancelText: t('common:action.cancel'),
      okButtonProps: { danger: true },
      autoFocusButton: 'cancel',
      centered: true,
      icon: null,
      onOk: () => remove.mutateAsync(pipeline.id).catch(() => undefined),
    })
  const entry = (key: string, may: string | null, label: string, act: () => void, danger = false) => {
    const refused = may === null ? null : whyNot(pipeline, may)
    return { key, danger, disabled: refused !== null, title: refused ?? '', label, onClick: act }
  }
  const items = [
    entry('clone', 'clone', t('act.clone'), () => setCloning(true)),
    { key: 'export', label: <a href={hrefs.pipelineExport(pipeline.id)}>{t('act.export')}</a> },
    entry('toggle', 'enable', pipeline.enabled ? t('batch.disable') : t('batch.enable'), () =>
      toggle.mutate(undefined),
    ),
    entry('versions', null, t('versions.title'), () => void navigate(paths.versions(pipeline.id))),
    { type: 'divider' as const },
    entry('delete', 'delete', t('common:action.delete'), askToDelete, true),
  ]
  return (
    <>
      <ActionButton type="primary" icon={<CaretRightOutlined />} refused={whyNot(pipeline, 'run')} onClick={onRun}>
        {t('edit.run')}
      </ActionButton>
      <Button icon={<EditOutlined />} onClick={() => void navigate(paths.editPipeline(pipeline.id))}>
        {whyNot(pipeline, 'edit') === null ? t('common:action.edit') : t('view.open')}
      </Button>
      <Dropdown trigger={['click']} menu={{ items }}>
        <Button
          icon={<MoreOutlined />}
          aria-label={t('editor.actionsOf', { name: pipeline.name })}
          aria-haspopup="menu"
        />
      </Dropdown>
      <CloneDialog pipeline={pipeline} open={cloning} onClose={() => setCloning(false)} />
    </>
  )
}

function CloneDialog({ pipeline, open, onClose }: { pipeline: PipelineView; open: boolean; onClose: () => void }) {
  const { t } = useTranslation(['pipelines', 'common'])
  const navigate = useNavigate()
  const [name, setName] = useState<string | null>(null)
  const wanted = name ?? t('act.cloneName', { name: pipeline.name })
  const clone = useCommand((name: string) => clonePipeline(pipeline.id, name), {
    changes: [keys.pipelines],
    done: t('edit.created'),
    onSuccess: made => {
      onClose()
      return navigate(paths.pipeline(made.id))
    },
  })
  return (
    <Modal
      open={open}
      title={t('act.cloneTitle', { name: pipeline.name })}
      okText={t('act.clone')}
      cancelText={t('common:action.cancel')}
      confirmLoading={clone.isPending}
      okButtonProps={{ disabled: wanted.trim() === '' }}
      onOk={() => clone.mutate(wanted)}
      onCancel={onClose}
      afterClose={() => setName(null)}
    >
      <div className="stack tight">
        <label htmlFor="clone-name">{t('act.cloneLabel')}</label>
        <Input
          id="clone-name"
          autoFocus
          value={wanted}
          onChange={event => setName(event.target.value)}
          onPressEnter={() => clone.mutate(wanted)}
        />
      </div>
    </Modal>
  )
}
