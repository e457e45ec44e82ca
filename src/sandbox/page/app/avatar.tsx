const colours = ['#6b3fd4', '#0b6e4f', '#b3261e', '#8a4b08', '#0f5c8c', '#8c2368', '#44546a']

/** The bot's own picture: an anchor. */
export function Logo({ size = 28 }: { size?: number }) {
  return (
    <svg className="logo" width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="8" fill="#4f2bc4" />
      <g fill="none" stroke="#fff" strokeWidth="2.6" strokeLinecap="round">
        <circle cx="16" cy="8.5" r="2.5" />
        <path d="M16 11v14M11 14.5h10M7 18.5c0 4.5 4 6.5 9 6.5s9-2 9-6.5" />
      </g>
    </svg>
  )
}

/** The initial of a person on their color, or the anchor for the bot. */
export function Avatar({ name, size = 36 }: { name: string; size?: number }) {
  if (name === 'quaymaster') return <Logo size={size} />
  const colour = colours[(name.charCodeAt(0) - 97 + colours.length * 20) % colours.length]
  return (
    <span className="avatar" aria-hidden="true" style={{ background: colour, width: size, height: size, fontSize: size * 0.45 }}>
      {name.charAt(0).toUpperCase()}
    </span>
  )
}
