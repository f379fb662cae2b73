import CheckOutlined from '@ant-design/icons/es/icons/CheckOutlined'
import CloseOutlined from '@ant-design/icons/es/icons/CloseOutlined'
import Input from 'antd/es/input'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { decide } from '../../api/commands'
import { keys } from '../../api/queries'
import type { StepView } from '../../api/types'
import { useCommand } from '../../components/useCommand'
import { whyNot } from '../../lib/may'
import { ActionButton } from '../../ui/ActionButton'
import { ConfirmButton } from '../../ui/ConfirmButton'

/** Approve or reject, with a word about it. */
export function Decide({ run, step }: { run: string; step: StepView }) {
  const { t } = useTranslation('runs')
  const [comment, setComment] = useState('')
  const command = useCommand(
    (decision: 'approve' | 'reject') => decide(run, step.name, decision, { comment: comment.trim() || null }),
    { changes: [keys.runs], onSuccess: () => setComment('') },
  )
  return (
    <div className="decide">
      <Input
        value={comment}
        onChange={event => setComment(event.target.value)}
        placeholder={t('approval.commentHint')}
        aria-label={t('approval.comment')}
        maxLength={2000}
      />
      <ConfirmButton
        icon={<CloseOutlined />}
        danger
        refused={whyNot(step, 'reject')}
        question={t('approval.rejectQuestion', { step: step.name })}
        consequence={t('approval.rejectHelp')}
        yes={t('approval.reject')}
        onConfirm={() => command.mutateAsync('reject')}
      >
        {t('approval.reject')}
      </ConfirmButton>
      <ActionButton
        type="primary"
        icon={<CheckOutlined />}
        refused={whyNot(step, 'approve')}
        loading={command.isPending && command.variables === 'approve'}
        onClick={() => command.mutate('approve')}
      >
        {t('approval.approve')}
      </ActionButton>
    </div>
  )
}
