const paths = {
  menu: 'M4 7h16M4 12h16M4 17h16',
  close: 'M6 6l12 12M18 6L6 18',
  window: 'M14 4h6v6M20 4l-9 9M18 14v5a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V7a1 1 0 0 1 1-1h5',
  sun: 'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8ZM12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.4 1.4M17.6 17.6L19 19M5 19l1.4-1.4M17.6 6.4L19 5',
  moon: 'M20 14.5A8 8 0 1 1 9.5 4a6.5 6.5 0 0 0 10.5 10.5Z',
  bolt: 'M13 3L5 14h6l-1 7 8-11h-6l1-7Z',
  more: 'M5 12h.01M12 12h.01M19 12h.01',
  reply: 'M4 5h16v11H11l-5 4v-4H4Z',
  file: 'M7 3h7l5 5v13H7ZM14 3v5h5',
  send: 'M4 12l16-8-6 16-3-7Z',
  home: 'M4 11l8-7 8 7v9h-5v-6H9v6H4Z',
  eye: 'M2 12s4-6.5 10-6.5S22 12 22 12s-4 6.5-10 6.5S2 12 2 12ZM12 9.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5Z',
  shared: 'M4 8h10v12H4ZM10 8V4h10v12h-6',
} as const

/** A decorative icon. There is always a text for screen readers. */
export function Icon({ name, size = 18 }: { name: keyof typeof paths; size?: number }) {
  const width = name === 'more' ? 3 : 1.8
  return (
    <svg className="icon" width={size} height={size} viewBox="0 0 24 24" aria-hidden="true">
      <path d={paths[name]} fill="none" stroke="currentColor" strokeWidth={width} strokeLinecap="round" strokeLinejoin="round" />
    </svg>
  )
}
