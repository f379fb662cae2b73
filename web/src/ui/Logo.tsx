export function Logo({ size = 26 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect width="32" height="32" rx="8" fill="#5151cd" />
      <path d="M8 22 14.2 9.4a2 2 0 0 1 3.6 0L24 22" fill="none" stroke="#fff" strokeWidth="3" strokeLinecap="round" />
      <circle cx="16" cy="21.5" r="2.6" fill="#fff" />
    </svg>
  )
}
