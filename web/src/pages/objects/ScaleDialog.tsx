import Form from 'antd/es/form'
import InputNumber from 'antd/es/input-number'
import { useTranslation } from 'react-i18next'
import { kubeKeys, type ObjectPlace, scaleObject } from '../../api/kube'
import { FormModal, showAtField } from '../../components/FormModal'
import { useCommand } from '../../components/useCommand'
import type { ObjectView } from '../../lib/kubeApi'

interface Props {
  place: ObjectPlace
  object: ObjectView
  open: boolean
  onClose: () => void
}

export function ScaleDialog({ place, object, open, onClose }: Props) {
  const { t } = useTranslation('kube')
  const [form] = Form.useForm<{ replicas: number }>()
  const scale = useCommand(
    // Whoever changed it meanwhile is not overruled: the number that was seen is said.
    async (replicas: number) => {
      await scaleObject(place, replicas, object.replicas)
      return replicas
    },
    {
      changes: [kubeKeys.objects(place.cluster)],
      onSuccess: onClose,
      onError: problem => showAtField(form, problem),
    },
  )
  return (
    <FormModal<{ replicas: number }>
      title={t('do.scaleTitle', { name: object.name })}
      open={open}
      onClose={onClose}
      form={form}
      initial={{ replicas: object.replicas ?? 1 }}
      busy={scale.isPending}
      submit={t('do.scale')}
      onSubmit={({ replicas }) => scale.mutate(replicas)}
    >
      <Form.Item name="replicas" label={t('do.replicas')} rules={[{ required: true, message: t('do.replicas') }]}>
        <InputNumber min={0} max={10_000} precision={0} autoFocus className="wide" />
      </Form.Item>
    </FormModal>
  )
}
