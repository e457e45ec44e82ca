const day = 24 * 3600 * 1000

const parts: Record<string, (date: Date) => string> = {
  date_num: (date) => date.toISOString().slice(0, 10),
  date: (date) => write(date, { dateStyle: 'long' }),
  date_short: (date) => write(date, { dateStyle: 'medium' }),
  date_long: (date) => write(date, { dateStyle: 'full' }),
  date_pretty: (date) => pretty(date, 'long'),
  date_short_pretty: (date) => pretty(date, 'medium'),
  date_long_pretty: (date) => pretty(date, 'full'),
  time: (date) => write(date, { timeStyle: 'short' }),
  time_secs: (date) => write(date, { timeStyle: 'medium' }),
  ago: (date) => write(date, { dateStyle: 'medium', timeStyle: 'short' }),
}

/** A moment as Slack's `<!date^…>` asks for it, in the reader's own time zone; undefined when it cannot be read. */
export function dated(seconds: number, format: string): string | undefined {
  const date = new Date(seconds * 1000)
  if (Number.isNaN(date.getTime())) return undefined
  return format.replaceAll(/\{(\w+)\}/g, (all, name: string) => parts[name]?.(date) ?? all)
}

function pretty(date: Date, dateStyle: 'medium' | 'long' | 'full') {
  const away = daysAway(date)
  if (away === 0) return 'today'
  if (away === -1) return 'yesterday'
  if (away === 1) return 'tomorrow'
  return write(date, { dateStyle })
}

function daysAway(date: Date) {
  return Math.round((midnight(date) - midnight(new Date())) / day)
}

function midnight(date: Date) {
  return new Date(date).setHours(0, 0, 0, 0)
}

function write(date: Date, options: Intl.DateTimeFormatOptions) {
  return new Intl.DateTimeFormat('en', options).format(date)
}

/** The day a message was written on, as it stands between the messages of one and of another. */
export function dayOf(ts: string | undefined): string {
  const date = new Date(Number(ts ?? 0) * 1000)
  const away = daysAway(date)
  if (away === 0) return 'Today'
  return away === -1 ? 'Yesterday' : write(date, { weekday: 'long', day: 'numeric', month: 'long' })
}

/** When a message was written: its timestamp is seconds since 1970 and a counter. */
export function clockOf(ts: string) {
  return write(new Date(Number(ts) * 1000), { hour: '2-digit', minute: '2-digit', hour12: false })
}
