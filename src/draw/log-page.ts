import { z } from 'zod'
import type { Translate } from '../language.ts'
import type { Paged } from '../operation.ts'
import type { LogEntry, LogPage } from '../quay/logs.ts'
import { bold, code, drawn, lines, type Message, message, moment, note } from '../slack/blocks.ts'
import { deedOf, kindNamed } from './log-kinds.ts'

const account = z.string().trim().min(1).max(255).optional()

/** What a usage log can be narrowed to; the days are Quay's, in UTC. */
export const logFilters = {
  performer: account.meta({ of: 'user' }).describe('Only what this account or robot did'),
  kind: z.string().trim().min(1).max(100).optional().describe('Only this kind of entry, by Quay’s name: push_repo, delete_tag'),
  from: z.iso.date().optional().describe('The first day; yesterday when left out'),
  to: z.iso.date().optional().describe('The last day; today when left out'),
}

interface Filters {
  performer?: string | undefined
  kind?: string | undefined
}

export interface ShownLog extends Paged<LogEntry> {
  /** ISO; `to` is not included. */
  from: string | undefined
  to: string | undefined
  /** Entries of this page that a filter leaves out: Quay itself cannot filter by it. */
  hidden: number
}

/** A page of Quay's as it is shown. `byQuay`: filters that Quay has applied already. */
export function shownLog({ entries, next, from, to }: LogPage, { performer, kind }: Filters): ShownLog {
  const wanted = kind && kindNamed(kind)
  const shown = entries.filter((entry) => (!performer || entry.performer?.name === performer) && (!wanted || entry.kind === wanted))
  return { entries: shown, next, from, to, hidden: entries.length - shown.length }
}

/** A usage log under its window. Quay's last page is an empty one (quay/facts.md, Paging). */
export function logView(title: string, { entries, from, to, hidden }: ShownLog, t: Translate): Message {
  const window = { title: drawn(title), from: moment(Date.parse(from ?? '')), to: moment(Date.parse(to ?? '')) }
  return message(
    t('{title}, {from} – {to}', window),
    ...lines(entries.map((entry) => logRow(entry, t))),
    ...(entries.length === 0 && hidden === 0 ? [note(t('There are no older entries in this time.'))] : []),
    ...(hidden > 0
      ? [
          note(
            t(
              '{hidden, plural, one {# entry of this page is} other {# entries of this page are}} left out: Quay cannot filter by this, so it is done page by page. There may be more on the next one.',
              { hidden },
            ),
          ),
        ]
      : []),
  )
}

function logRow({ kind, at, ip, performer, namespace, repository, details }: LogEntry, t: Translate) {
  return t(
    '• {moment} {who, select, robot {robot {performer}} user {{performer}} other {somebody}} {deed}{where, select, none {} other { – {object}}}{address, select, none {} other { ({address})}}',
    {
      moment: moment(Date.parse(at ?? '')),
      who: performer?.kind ?? 'nobody',
      performer: bold(performer?.name ?? ''),
      deed: drawn(deedOf(kind, details, t)),
      where: repository ?? namespace ?? 'none',
      object: code(repository ?? namespace ?? ''),
      address: ip ?? 'none',
    },
  )
}
