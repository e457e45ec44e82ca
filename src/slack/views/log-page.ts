import type { Translate } from '../../core/i18n.ts'
import type { LogEntry, LogPage } from '../../quay/logs.ts'
import { bold, code, lines, type Message, message, moment, note, rawMarkup } from '../blocks.ts'
import { eventText, type FoldedEntry, folded } from './folded-log.ts'

export interface LogFilters {
  actor?: string | undefined
  kind?: string | undefined
}

export type ShownLog = LogPage & LogFilters & { of: string | undefined }

/** Quay filters only by day. Other filters apply to the page that it returns, and the reply says so. */
export function filtered({ entries, ...page }: LogPage, { actor, kind }: LogFilters, of?: string): ShownLog {
  const wanted = ({ performer, kind: one }: LogEntry) =>
    (actor === undefined || performer?.name === actor) && (kind === undefined || one === kind)
  return { ...page, entries: entries.filter(wanted), actor, kind, of }
}

/** One page of a usage log, below the period that Quay used. */
export function logView({ entries, from, to, of, actor, kind }: ShownLog, t: Translate): Message {
  return message(
    t('{of, select, registry {Usage logs of the registry} other {Usage logs of {name}}}, {from} – {to}', {
      of: of === undefined ? 'registry' : 'object',
      name: bold(of ?? ''),
      from: moment(Date.parse(from ?? '')),
      to: moment(Date.parse(to ?? '')),
    }),
    ...(entries.length > 0 ? lines(folded(entries).map((entry) => rowOf(entry, t))) : [note(t('No entries on this page.'))]),
    ...(actor !== undefined || kind !== undefined
      ? [
          note(
            t('Filtered by {filter}. Quay can’t filter by this, so a page may show fewer than 20 entries.', {
              filter: code([actor, kind].filter(Boolean).join(' ')),
            }),
          ),
        ]
      : []),
  )
}

function rowOf(entry: FoldedEntry, t: Translate) {
  const { at, performer, namespace, repository, ip } = entry
  return t(
    '• {at} *{kind}* {who, select, nobody {} robot {by robot account {performer} } other {by {performer} }}{object, select, none {} other {on {name} }}{ip}',
    {
      at: moment(Date.parse(at ?? '')),
      kind: eventText(entry, t),
      who: performer?.kind ?? 'nobody',
      performer: code(performer?.name ?? ''),
      object: (repository ?? namespace) === undefined ? 'none' : 'some',
      name: code(repository ?? namespace ?? ''),
      ip: rawMarkup(ip ?? ''),
    },
  )
}
