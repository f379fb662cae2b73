/** Each language calls itself by its own name, whichever is shown. */
export const LANGUAGE_NAMES = { en: 'English', zh: '简体中文' } as const
