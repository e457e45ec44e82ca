import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { stringify } from 'csv-stringify'
import { checkPermissions } from '../../command/authorize.ts'
import { commands } from '../../command/registry.ts'
import type { Bot } from '../../context.ts'
import { Failure, logged } from '../../core/failure.ts'
import { type Language, translator } from '../../core/i18n.ts'
import type { JobData } from '../../db/queues.ts'
import { withPriority } from '../../quay/http.ts'
import { type LogEntry, type LogPage, listNamespaceLogs, listRegistryLogs, listRepositoryLogs } from '../../quay/logs.ts'
import type { Quay } from '../../quay/registry.ts'
import { identify } from '../../security/identity.ts'
import { translatorFor } from '../../security/language.ts'
import { section } from '../../slack/blocks.ts'
import { sendFile } from '../../slack/files.ts'
import { reply } from '../../slack/reply.ts'
import { bugView, failureView } from '../../slack/views/failure.ts'
import { withSpooled } from './spool.ts'

type Export = JobData<'export-logs'>

const entriesAtMost = 50_000

const columns = ['at', 'kind', 'performer', 'performer_kind', 'namespace', 'repository', 'ip', 'details']

/**
 * The `export-logs` job: sends a usage log between two days as a CSV file by direct message, written to disk page by page. It is
 * cut at 50,000 entries, and the message says so. People who want the same log at the same time share a file. After a crash it
 * starts again. Failures are sent by direct message too: a refusal of Quay at once, other errors after the `last` attempt.
 * Earlier attempts throw, so that the queue retries.
 */
export async function exportLogs(bot: Bot, asked: Export, { last }: { last: boolean }) {
  const { person, scope, name, from, to, reference } = asked
  const file = { what: [scope, name, from, to].join(' '), name: `${reference}.csv` }
  try {
    const { language } = await stillAllowed(bot, asked)
    const quay = withPriority(bot.quay, { class: 'job', person, work: 'export' })
    await withSpooled(
      bot,
      file,
      (path) => writeCsv(quay, asked, path),
      (written) => send(bot, asked, language, written),
    )
  } catch (error) {
    const final = error instanceof Failure && error.code !== 'unavailable'
    if (final || last) await sayWhy(bot, asked, error)
    if (!final) throw error
  }
}

async function send(bot: Bot, { person, name, from, to }: Export, language: Language, { path, count }: { path: string; count: number }) {
  const comment = translator(language).plain(
    '{count, plural, =0 {No log entries} one {# log entry} other {# log entries}} of {name}, {from} – {to}.{cut, select, yes { There are more: narrow the days.} other {}}',
    { count, name: name || bot.quay.url, from, to, cut: count >= entriesAtMost ? 'yes' : 'no' },
  )
  await sendFile(bot.slack, person, { name: `usage-logs-${from}-${to}.csv`, file: path, comment })
}

/** Tells the person that the file will not come. */
async function sayWhy(bot: Bot, { person, from, to, reference }: Export, error: unknown) {
  bot.log.info(error instanceof Failure ? logged(error) : { reference }, 'an export failed')
  const t = await translatorFor(bot, person)
  const { text, blocks } = error instanceof Failure ? failureView(error, t) : bugView(reference, t)
  const first = t('The usage logs of {from} – {to} do not come after all.', { from, to })
  await reply(bot.slack, bot.log, { user: person }, { text: `${first} ${text}`, blocks: [section(first), ...blocks] })
}

/** The job may run minutes later, so the permission is checked again. Throws `denied`. */
async function stillAllowed(bot: Bot, { person: id, scope, name }: Export) {
  const person = await identify(bot, id, { bypassCache: true })
  const commandName = { registry: 'logs export', namespace: 'logs export namespace', repository: 'logs export repo' }[scope]
  const command = commands.get(commandName)
  if (!command) throw new TypeError(`There is no command ${commandName}`)
  await checkPermissions(bot, person, command, { [scope]: name }, { bypassCache: true })
  return person
}

async function writeCsv(quay: Quay, asked: Export, path: string) {
  let count = 0
  const rows = async function* () {
    for await (const entry of entriesOf(quay, asked)) {
      if (count >= entriesAtMost) return
      count += 1
      yield rowOf(entry)
    }
  }
  // A spreadsheet would run a cell that begins with = or @ as a formula.
  const csv = stringify({ header: true, columns, escape_formulas: true })
  await pipeline(Readable.from(rows()), csv, createWriteStream(path, { mode: 0o600 }))
  return count
}

async function* entriesOf(quay: Quay, asked: Export): AsyncGenerator<LogEntry> {
  let next: string | undefined
  let first: string | undefined
  do {
    const page = await pageOf(quay, asked, next)
    // The whole page, because many pulls of one second look alike.
    const opening = page.entries.length > 0 ? JSON.stringify(page.entries) : undefined
    // Quay answers an expired token with page 1 (docs/SECURITY.md rule 27).
    if (next !== undefined && opening !== undefined && opening === first) throw new Error('the log began anew in the middle of an export')
    first ??= opening
    yield* page.entries
    next = page.next
  } while (next !== undefined)
}

function pageOf(quay: Quay, { scope, name, from, to }: Export, next: string | undefined): Promise<LogPage> {
  const window = { from, to, next }
  if (scope === 'registry') return listRegistryLogs(quay, window)
  return scope === 'namespace' ? listNamespaceLogs(quay, name, window) : listRepositoryLogs(quay, name, window)
}

function rowOf({ at, kind, performer, namespace, repository, ip, details }: LogEntry) {
  return {
    at,
    kind,
    performer: performer?.name,
    performer_kind: performer?.kind,
    namespace,
    repository,
    ip,
    details: JSON.stringify(details),
  }
}
