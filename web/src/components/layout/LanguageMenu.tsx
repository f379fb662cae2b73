import TranslationOutlined from '@ant-design/icons/es/icons/TranslationOutlined'
import Button from 'antd/es/button'
import Dropdown from 'antd/es/dropdown'
import { useTranslation } from 'react-i18next'
import { chooseLanguage, type Language } from '../../i18n/i18n'
import { LANGUAGE_NAMES } from '../../lib/languages'

export function LanguageMenu() {
  const { t, i18n } = useTranslation()
  const items = Object.entries(LANGUAGE_NAMES).map(([key, label]) => ({ key, label }))
  return (
    <Dropdown
      trigger={['click']}
      menu={{
        items,
        selectable: true,
        selectedKeys: [i18n.language],
        onClick: ({ key }) => void chooseLanguage(key as Language),
      }}
    >
      <Button type="text" icon={<TranslationOutlined />} aria-label={t('language.label')} aria-haspopup="menu" />
    </Dropdown>
  )
}
