import { useNavigate } from '@tanstack/react-router'
import App from 'antd/es/app'
import Input from 'antd/es/input'
import Modal from 'antd/es/modal'
import Segmented from 'antd/es/segmented'
import Select from 'antd/es/select'
import { useId, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { runPipeline } from '../../api/commands'
import { keys } from '../../api/queries'
import type { PipelineView, VariableView } from '../../api/types'
import { useCommand } from '../../components/useCommand'
import { freshKey } from '../../lib/freshKey'
import { paths } from '../../lib/paths'
import { asText, fromText } from '../../lib/variables'

interface Props {
  pipeline: PipelineView
  open: boolean
  onClose: () => void
}

/** Starts a run, with other values and parts of the pipeline where they are asked for. */
export function RunDialog({ pipeline, open, onClose }: Props) {
  const { t } = useTranslation(['pipelines', 'common'])
  const navigate = useNavigate()
  const { message } = App.useApp()
  const [values, setValues] = useState<Record<string, string>>({})
  const [branch, setBranch] = useState('')
  const [part, setPart] = useState<'all' | 'from' | 'only'>('all')
  const [step, setStep] = useState<string | null>(null)
  // The same sent again, after an answer was lost, is the same run.
  const sent = useRef({ body: '', key: '' })
  const form = useRef<HTMLFormElement>(null)
  const id = useId()
  const start = useCommand(
    () => {
      const variables = Object.fromEntries(
        pipeline.variables.flatMap(({ name, value }) => {
          const typed = values[name]
          return typed === undefined || typed === asText(value) ? [] : [[name, fromText(typed, value)]]
        }),
      )
      const chosen = part === 'all' || step === null ? {} : { [part]: step }
      const request = { variables, branch: branch.trim() || null, ...chosen }
      const body = JSON.stringify(request)
      if (sent.current.body !== body) sent.current = { body, key: freshKey() }
      return runPipeline(pipeline.id, request, sent.current.key)
    },
    {
      changes: [keys.runs, keys.pipelines, keys.statistics],
      onSuccess: async run => {
        sent.current = { body: '', key: '' }
        void message.success(t('run.started', { number: run.number }))
        await navigate(paths.run(run.id))
      },
      onError: problem => {
        if (problem.status !== 0) sent.current = { body: '', key: '' }
        return false
      },
    },
  )
  return (
    <Modal
      open={open}
      title={t('run.title', { name: pipeline.name })}
      okText={t('run.start')}
      cancelText={t('common:action.cancel')}
      confirmLoading={start.isPending}
      okButtonProps={{ disabled: part !== 'all' && step === null }}
      onOk={() => start.mutate(undefined)}
      onCancel={onClose}
      afterOpenChange={shown => shown && form.current?.querySelector<HTMLElement>('textarea, input')?.focus()}
      destroyOnHidden
    >
      <form
        ref={form}
        className="stack"
        onSubmit={event => {
          event.preventDefault()
          start.mutate(undefined)
        }}
      >
        {pipeline.variables.length > 0 && (
          <fieldset className="plain-fieldset stack tight">
            <legend>{t('editor.variables')}</legend>
            {pipeline.variables.map(variable => (
              <Variable
                key={variable.name}
                id={`${id}-${variable.name}`}
                variable={variable}
                value={values[variable.name] ?? asText(variable.value)}
                onChange={value => setValues(old => ({ ...old, [variable.name]: value }))}
              />
            ))}
          </fieldset>
        )}
        <div className="stack tight">
          <label htmlFor={`${id}-branch`}>{t('run.branch')}</label>
          <Input
            id={`${id}-branch`}
            className="mono"
            value={branch}
            placeholder={t('run.branchDefault')}
            spellCheck={false}
            autoComplete="off"
            onChange={event => setBranch(event.target.value)}
          />
        </div>
        <div className="stack tight">
          <span id={`${id}-part`}>{t('run.part')}</span>
          <Segmented
            aria-labelledby={`${id}-part`}
            value={part}
            onChange={setPart}
            options={(['all', 'from', 'only'] as const).map(value => ({ value, label: t(`run.${value}`) }))}
          />
          {part !== 'all' && (
            <Select
              aria-label={t('run.step')}
              showSearch
              placeholder={t('run.step')}
              value={step}
              onChange={setStep}
              options={pipeline.outline.steps.map(one => ({ value: one.name, label: one.name }))}
            />
          )}
        </div>
        <button type="submit" className="visually-hidden" tabIndex={-1} aria-hidden="true" />
      </form>
    </Modal>
  )
}

interface VariableProps {
  id: string
  variable: VariableView
  value: string
  onChange: (value: string) => void
}

function Variable({ id, variable, value, onChange }: VariableProps) {
  const { t } = useTranslation('pipelines')
  const changed = value !== asText(variable.value)
  return (
    <div className="run-variable">
      <label htmlFor={id} className="mono truncate" title={variable.name}>
        {variable.name}
        {changed && (
          <span className="unsaved small" title={t('run.changed')}>
            {' '}
            ●<span className="visually-hidden"> {t('run.changed')}</span>
          </span>
        )}
      </label>
      {typeof variable.value === 'boolean' ? (
        <Select
          id={id}
          value={value}
          onChange={onChange}
          options={['true', 'false'].map(word => ({ value: word, label: word }))}
        />
      ) : (
        <Input.TextArea
          id={id}
          className="mono"
          autoSize={{ minRows: 1, maxRows: 8 }}
          value={value}
          spellCheck={false}
          onChange={event => onChange(event.target.value)}
        />
      )}
    </div>
  )
}
