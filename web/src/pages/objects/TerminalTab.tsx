import Button from 'antd/es/button'
import Input from 'antd/es/input'
import Select from 'antd/es/select'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { execHref, type ObjectPlace } from '../../api/kube'
import type { ObjectView } from '../../lib/kubeApi'
import { whyNot } from '../../lib/may'
import { words } from '../../lib/terminal'
import { ActionButton } from '../../ui/ActionButton'
import { BlockSkeleton } from '../../ui/Skeletons'

const Terminal = lazy(() => import('./Terminal').then(({ Terminal }) => ({ default: Terminal })))

/** A command with a terminal in a container of the pod. */
export function TerminalTab({ place, object }: { place: ObjectPlace; object: ObjectView }) {
  const { t } = useTranslation('kube')
  const { containers = [] } = object
  const [container, setContainer] = useState(containers[0] ?? '')
  const [command, setCommand] = useState('sh')
  const [session, setSession] = useState<{ href: string; number: number } | null>(null)
  const start = () =>
    setSession({
      href: execHref(place.cluster, place.namespace ?? 'default', place.name, container, words(command)),
      number: (session?.number ?? 0) + 1,
    })
  return (
    <div className="tab-body stack tight">
      <form
        className="tab-bar"
        onSubmit={event => {
          event.preventDefault()
          start()
        }}
      >
        {containers.length > 1 && (
          <Select
            aria-label={t('terminal.container')}
            value={container}
            popupMatchSelectWidth={false}
            options={containers.map(name => ({ value: name, label: name }))}
            onChange={setContainer}
          />
        )}
        <Input
          className="mono terminal-command"
          aria-label={t('terminal.command')}
          value={command}
          spellCheck={false}
          autoComplete="off"
          onChange={event => setCommand(event.target.value)}
        />
        <ActionButton
          type="primary"
          htmlType="submit"
          refused={whyNot(object, 'exec')}
          disabled={words(command).length === 0}
        >
          {t(session === null ? 'terminal.start' : 'terminal.again')}
        </ActionButton>
        {session !== null && <Button onClick={() => setSession(null)}>{t('terminal.close')}</Button>}
        <span className="muted small">{t('terminal.audited')}</span>
      </form>
      {session && (
        <Suspense fallback={<BlockSkeleton height={360} />}>
          <Terminal key={session.number} href={session.href} label={t('terminal.label', { name: place.name })} />
        </Suspense>
      )}
    </div>
  )
}
