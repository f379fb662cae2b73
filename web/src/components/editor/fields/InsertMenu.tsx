import { useInfiniteQuery } from '@tanstack/react-query'
import Button from 'antd/es/button'
import Dropdown from 'antd/es/dropdown'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { secrets } from '../../../api/queries'
import { variablesOf } from '../../../lib/pipeline-doc/view'
import { useEditor } from '../context'

const RUN_NAMES = ['build_number', 'git_branch', 'git_commit', 'docker_image', 'pipeline.name', 'run.id', 'run.trigger']

/** Names that `{{ }}` may hold, put in where the cursor stands: secrets first where a secret is wanted. */
export function InsertMenu({
  name,
  secret,
  onInsert,
}: {
  name: string
  secret: boolean
  onInsert: (hole: string) => void
}) {
  const { t } = useTranslation('pipelines')
  const { snapshot } = useEditor()
  const [open, setOpen] = useState(false)
  const query = useInfiniteQuery({ ...secrets, enabled: open })
  const kept = query.data?.pages.flatMap(page => page.items.map(item => item.name)) ?? []
  const entries = (names: string[], prefix = '') =>
    names.map(one => ({ key: `{{ ${prefix}${one} }}`, label: <code>{prefix + one}</code> }))
  const groups = [
    {
      key: 'secrets',
      type: 'group' as const,
      label: t('editor.secrets'),
      children:
        kept.length > 0
          ? entries(kept, 'secrets.')
          : [{ key: 'none', disabled: true, label: query.isLoading ? t('editor.loading') : t('editor.noSecrets') }],
    },
    {
      key: 'variables',
      type: 'group' as const,
      label: t('editor.variables'),
      children: entries(variablesOf(snapshot.view).map(one => one.name)),
    },
    { key: 'run', type: 'group' as const, label: t('editor.ofTheRun'), children: entries(RUN_NAMES) },
  ]
  return (
    <Dropdown
      trigger={['click']}
      open={open}
      onOpenChange={setOpen}
      menu={{
        items: groups.filter(group => group.children.length > 0 && (!secret || group.key === 'secrets')),
        style: { maxHeight: 320, overflow: 'auto' },
        onClick: ({ key }) => onInsert(key),
      }}
    >
      <Button
        className="mono insert"
        aria-haspopup="menu"
        aria-label={secret ? t('editor.insertSecret', { name }) : t('editor.insertFor', { name })}
      >
        {'{{ }}'}
      </Button>
    </Dropdown>
  )
}
