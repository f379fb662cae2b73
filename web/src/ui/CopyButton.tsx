import CheckOutlined from '@ant-design/icons/es/icons/CheckOutlined'
import CopyOutlined from '@ant-design/icons/es/icons/CopyOutlined'
import Button from 'antd/es/button'
import Tooltip from 'antd/es/tooltip'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

interface Props {
  text: string
  /** What is copied, for the button's name. */
  label?: string
  size?: 'small' | 'middle'
  /** Shown beside the icon, and a part of `label`. */
  word?: string
}

export function CopyButton({ text, label, size = 'small', word }: Props) {
  const { t } = useTranslation()
  const [copied, setCopied] = useState(false)
  const name = copied ? t('action.copied') : (label ?? t('action.copy'))
  const copy = async () => {
    if (!(await copyText(text))) return
    setCopied(true)
    setTimeout(() => setCopied(false), 1500)
  }
  return (
    <Tooltip title={name}>
      <Button
        type="text"
        size={size}
        aria-label={name}
        icon={copied ? <CheckOutlined /> : <CopyOutlined />}
        onClick={copy}
      >
        {word}
      </Button>
    </Tooltip>
  )
}

/** Without TLS a browser has no clipboard API; the old way still works there. */
async function copyText(text: string): Promise<boolean> {
  if (navigator.clipboard) {
    const done = await navigator.clipboard.writeText(text).then(
      () => true,
      () => false,
    )
    if (done) return true
  }
  const area = document.createElement('textarea')
  area.value = text
  area.style.position = 'fixed'
  area.style.opacity = '0'
  document.body.append(area)
  area.select()
  const done = document.execCommand('copy')
  area.remove()
  return done
}
