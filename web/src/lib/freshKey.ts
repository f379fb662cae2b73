/** A text that nobody has had before. `crypto.randomUUID` exists only where the page came over TLS. */
export function freshKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return [...bytes].map(byte => byte.toString(16).padStart(2, '0')).join('')
}
