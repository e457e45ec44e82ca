import type { Translate } from '../../core/i18n.ts'
import type { LogEntry } from '../../quay/logs.ts'

/** An entry that stands for so many in a row that differ only in their time and details. */
export type FoldedEntry = LogEntry & { times?: number }

/** Consecutive entries of the same event by the same performer on the same object become one, with the newest time. */
export function folded(entries: LogEntry[]): FoldedEntry[] {
  const rows: FoldedEntry[] = []
  for (const entry of entries) {
    const last = rows.at(-1)
    if (last && isSame(last, entry)) rows[rows.length - 1] = { ...last, times: (last.times ?? 1) + 1 }
    else rows.push(entry)
  }
  return rows
}

function isSame(one: LogEntry, other: LogEntry) {
  const told = ({ kind, performer, namespace, repository, ip }: LogEntry) => JSON.stringify([kind, performer, namespace, repository, ip])
  return told(one) === told(other)
}

/** The event, and how often where it is more than once. */
export function timesText(event: string, { times = 1 }: FoldedEntry, t: Translate) {
  return times > 1 ? t.plain('{event} ({times, number} times)', { event, times }) : event
}
