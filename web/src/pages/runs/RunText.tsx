import { useQuery } from '@tanstack/react-query'
import Button from 'antd/es/button'
import Drawer from 'antd/es/drawer'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { runPipeline } from '../../api/queries'
import type { RunView } from '../../api/types'
import { Loaded } from '../../components/Loaded'
import { CopyButton } from '../../ui/CopyButton'
import { BlockSkeleton } from '../../ui/Skeletons'
import { Values } from '../../ui/Values'

/** What the run was given: its variables and the text of the pipeline at that time. */
export function RunText({ run }: { run: RunView }) {
  const { t } = useTranslation(['runs', 'common'])
  const [open, setOpen] = useState(false)
  const query = useQuery({ ...runPipeline(run.id), enabled: open })
  const name = t('name', { pipeline: run.pipeline.name, number: run.number })
  return (
    <>
      <Button type="link" size="small" style={{ padding: 0 }} aria-haspopup="dialog" onClick={() => setOpen(true)}>
        {t('facts.asItRan')}
      </Button>
      <Drawer
        open={open}
        onClose={() => setOpen(false)}
        title={name}
        size={640}
        closable={{ 'aria-label': t('common:action.close') }}
      >
        <div className="stack">
          <h3>{t('facts.variables')}</h3>
          {Object.keys(run.variables).length === 0 ? (
            <p className="muted">{t('facts.noVariables')}</p>
          ) : (
            <Values values={run.variables} />
          )}
          <Loaded query={query} skeleton={<BlockSkeleton height={300} />}>
            {({ text }) => (
              <>
                <div className="row between">
                  <h3>{t('facts.text')}</h3>
                  <CopyButton text={text} />
                </div>
                {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
                <pre className="sheet" tabIndex={0}>
                  {text}
                </pre>
              </>
            )}
          </Loaded>
        </div>
      </Drawer>
    </>
  )
}
