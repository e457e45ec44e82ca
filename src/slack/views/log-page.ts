import { entryOf } from '../../core/foreign-text.ts'
import type { Translate } from '../../core/i18n.ts'
import type { LogEntry, LogPage } from '../../quay/logs.ts'
import { bold, code, type Message, moment, note } from '../blocks.ts'
import { type Column, listMessage } from '../lists/list.ts'
import { asBold, asCode, asMoment, asText } from '../lists/values.ts'
import { type FoldedEntry, folded, timesText } from './folded-log.ts'
import { logKinds } from './log-kinds.ts'

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
  const isFiltered = actor !== undefined || kind !== undefined
  return listMessage(
    {
      headline: t('{of, select, registry {Usage logs of the registry} other {Usage logs of {name}}}, {from} – {to}', {
        of: of === undefined ? 'registry' : 'object',
        name: bold(of ?? ''),
        from: moment(Date.parse(from ?? '')),
        to: moment(Date.parse(to ?? '')),
      }),
      rows: folded(entries),
      columns: logColumns(t),
      opens: ({ repository, namespace }) => repository ?? namespace,
      after: [
        ...(entries.length > 0 ? [] : [note(t('No entries on this page.'))]),
        ...(isFiltered
          ? [
              note(
                t('Filtered by {filter}. Quay can’t filter by this, so a page may show fewer than 20 entries.', {
                  filter: code([actor, kind].filter(Boolean).join(' ')),
                }),
              ),
            ]
          : []),
      ],
    },
    t,
  )
}

function performerText({ name, behalf }: NonNullable<LogEntry['performer']>, t: Translate) {
  return behalf === undefined ? name : t.plain('{account} for @{person}', { account: name, person: behalf })
}

function logColumns(t: Translate): Column<FoldedEntry>[] {
  return [
    { name: 'at', title: t.plain('When (UTC)'), none: t.plain('unknown'), value: ({ at }) => asMoment(at) },
    {
      name: 'event',
      title: t.plain('Event'),
      value: (entry) => asBold(timesText(t.plain(entryOf(logKinds, entry.kind) ?? entry.kind), entry, t)),
    },
    {
      name: 'performer',
      title: t.plain('By'),
      value: ({ performer }) => asCode(performer && performerText(performer, t)),
      said: (performer, { performer: who }) =>
        t('{kind, select, robot {by robot account {performer}} other {by {performer}}}', { kind: who?.kind ?? 'user', performer }),
    },
    {
      name: 'object',
      title: t.plain('On'),
      value: ({ repository, namespace }) => asCode(repository ?? namespace),
      said: (name) => t('on {name}', { name }),
    },
    { name: 'ip', title: t.plain('IP address'), value: ({ ip }) => asText(ip) },
  ]
}
