import { useNavigate } from '@tanstack/react-router'
import Button from 'antd/es/button'
import Input from 'antd/es/input'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { RegistryView } from '../../api/types'
import { paths } from '../../lib/paths'

/** Opens a repository that stands in no list. */
export function ByName({ registry }: { registry: RegistryView }) {
  const { t } = useTranslation('registries')
  const navigate = useNavigate()
  const [name, setName] = useState('')
  const wanted = name.trim()
  return (
    <form
      className="row by-name"
      onSubmit={event => {
        event.preventDefault()
        if (wanted !== '') void navigate(paths.registry(registry.id, { repository: wanted }))
      }}
    >
      <Input
        className="mono"
        value={name}
        spellCheck={false}
        autoComplete="off"
        aria-label={t('repositories.byName')}
        placeholder={registry.kind === 'dockerhub' ? 'library/nginx' : 'team/shop'}
        onChange={event => setName(event.target.value)}
      />
      <Button htmlType="submit" disabled={wanted === ''}>
        {t('repositories.open')}
      </Button>
    </form>
  )
}
