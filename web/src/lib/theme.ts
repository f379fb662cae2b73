// antd's part of the colours; the rest stands in styles/tokens.css with the same values.

export type Scheme = 'light' | 'dark'
export type SchemeChoice = Scheme | 'system'

export const antdTokens = (scheme: Scheme) => ({
  colorPrimary: scheme === 'dark' ? '#6c69e0' : '#5151cd',
  // Darker under the mouse, because the word on a button is white.
  colorPrimaryHover: scheme === 'dark' ? '#5d5ad2' : '#4242b6',
  colorLink: scheme === 'dark' ? '#a5a3ff' : '#5151cd',
  colorLinkHover: scheme === 'dark' ? '#c3c1ff' : '#4242b6',
  colorInfo: scheme === 'dark' ? '#3b9eff' : '#0b63c1',
  colorSuccess: scheme === 'dark' ? '#30a46c' : '#18794e',
  colorWarning: scheme === 'dark' ? '#ffb224' : '#b87503',
  colorError: scheme === 'dark' ? '#f2555a' : '#c4262d',
  colorBgLayout: scheme === 'dark' ? '#101013' : '#f7f7f9',
  colorBgContainer: scheme === 'dark' ? '#18181c' : '#ffffff',
  colorBgElevated: scheme === 'dark' ? '#202026' : '#ffffff',
  colorText: scheme === 'dark' ? '#ececf1' : '#1b1b20',
  colorTextSecondary: scheme === 'dark' ? '#a3a3b0' : '#5d5d69',
  colorTextDescription: scheme === 'dark' ? '#a3a3b0' : '#5d5d69',
  colorTextPlaceholder: scheme === 'dark' ? '#8b8b98' : '#6f6f7b',
  colorBorder: scheme === 'dark' ? '#3a3a45' : '#d3d3da',
  colorBorderSecondary: scheme === 'dark' ? '#2b2b33' : '#e3e3e8',
  borderRadius: 6,
  fontSize: 14,
  fontFamily: 'var(--sans)',
  fontFamilyCode: 'var(--mono)',
  controlHeight: 32,
  motionDurationMid: '0.12s',
  motionDurationSlow: '0.18s',
})

/** Where antd would take a colour of a surface for a text. */
export const antdComponents = (scheme: Scheme) => {
  if (scheme === 'light') return {}
  const accent = { hover: '#c3c1ff', rest: '#a5a3ff' }
  const bad = { colorError: '#ff7b80', colorErrorHover: '#ff9da1' }
  return {
    Tabs: { itemSelectedColor: accent.rest, itemHoverColor: accent.hover, inkBarColor: accent.rest },
    Button: {
      ...bad,
      dangerColor: '#1c0a0b',
      defaultHoverColor: accent.hover,
      defaultHoverBorderColor: accent.rest,
      defaultActiveColor: accent.hover,
    },
    Form: bad,
    Dropdown: bad,
    Input: bad,
  }
}
