import { type QueryClient, QueryClientProvider } from '@tanstack/react-query'
import App from 'antd/es/app'
import ConfigProvider, { type ConfigProviderProps } from 'antd/es/config-provider'
import theme from 'antd/es/theme'
import { type ReactNode, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { antdComponents, antdTokens } from '../lib/theme'
import { useTheme } from './theme'

type AntdLocale = ConfigProviderProps['locale']

/** What every page stands in: query cache, antd's theme and language, messages. */
export function Root({ client, children }: { client: QueryClient; children: ReactNode }) {
  const { scheme } = useTheme()
  return (
    <QueryClientProvider client={client}>
      <ConfigProvider
        locale={useAntdLocale()}
        button={{ autoInsertSpace: false }}
        theme={{
          algorithm: scheme === 'dark' ? theme.darkAlgorithm : theme.defaultAlgorithm,
          token: antdTokens(scheme),
          components: antdComponents(scheme),
        }}
      >
        <App message={{ maxCount: 3 }}>{children}</App>
      </ConfigProvider>
    </QueryClientProvider>
  )
}

/** English is built into antd; Chinese is loaded when it is spoken. */
function useAntdLocale(): AntdLocale {
  const { i18n } = useTranslation()
  const [zh, setZh] = useState<AntdLocale>()
  const chinese = i18n.language === 'zh'
  useEffect(() => {
    if (chinese) void import('antd/es/locale/zh_CN').then(loaded => setZh(loaded.default))
  }, [chinese])
  return chinese ? zh : undefined
}
