import { useTranslation } from 'react-i18next'
import { pinned, pullCommand } from '../../lib/images'
import { Command } from '../../ui/Command'

/** How to have an image that is in a registry: by its name, which may mean another one tomorrow, and by its digest. */
export function PullCommands({ reference, digest }: { reference: string; digest: string }) {
  const { t } = useTranslation('registries')
  const commands = [
    [t('image.pull'), reference],
    [t('image.pinned'), pinned(reference, digest)],
  ] as const
  return commands.map(([title, name]) => {
    const command = pullCommand(name)
    return (
      command && (
        <div key={title}>
          <dt>{title}</dt>
          <dd>
            <Command text={command} label={t('image.copyPull', { name })} />
          </dd>
        </div>
      )
    )
  })
}
