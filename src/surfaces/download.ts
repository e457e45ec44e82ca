import type { Logger } from 'pino'
import { auditRow } from '../command/audit-row.ts'
import { checkPermissions } from '../command/authorize.ts'
import type { Command } from '../command/command.ts'
import { commands } from '../command/registry.ts'
import { type Bot, onBehalfOf } from '../context.ts'
import { Failure } from '../core/failure.ts'
import { type Translate, translator } from '../core/i18n.ts'
import { slash } from '../core/slash-command.ts'
import { audit } from '../security/audit-log.ts'
import { identify, type Person } from '../security/identity.ts'
import { type Message, message } from '../slack/blocks.ts'
import { rowsOfPage } from '../slack/drawing.ts'
import { sendFile } from '../slack/files.ts'
import { csvOf } from '../slack/lists/csv.ts'
import type { ListBlock } from '../slack/message-blocks.ts'
import { isPaged } from './pages/turn.ts'
import type { Press } from './press.ts'
import { findReply } from './reply-store.ts'
import { sayOutcome } from './say-outcome.ts'

/** The list in a message; undefined if it has none, or an empty one. */
export function listIn({ blocks }: Message): ListBlock | undefined {
  return blocks.find((block) => block.type === 'list')
}

/**
 * *Download* reads the list again, from its first page on and with the present permissions of whoever pressed, and sends its rows
 * to them as a CSV file.
 */
export async function downloadList(all: Bot, press: Press) {
  const bot = onBehalfOf(all, press.user, 'page')
  const { user, reference, log, channel } = press
  const person = await identify(bot, user)
  const { operation: name, input } = await findReply(bot, person, press.value)
  const command = commands.get(name)
  if (!command) throw new Failure('not_found', 'These buttons have expired. Run the command again.')
  const permissions = await checkPermissions(bot, person, command, input)
  const t = translator(person.language)
  const { columns, rows, more } = await everyPage(bot, { command, person, input, log, channel }, t)
  await audit(bot, bot.db, { ...auditRow({ name, command, person, input, reference, permissions }), phase: 'finished' })
  const said = t(
    '{rows, plural, one {# row} other {# rows}} sent by direct message{more, select, yes { (only the first ones)} other {}}.',
    {
      rows: rows.length,
      more: more ? 'yes' : 'no',
    },
  )
  const file = `${[name, ...Object.values(input).filter((value) => typeof value === 'string')].join(' ').replaceAll(/[^\w.-]+/g, '-')}.csv`
  await sendFile(bot.slack, person.id, {
    name: file,
    text: csvOf({ columns, rows }),
    comment: t.plain('The list of {command}', { command: slash(name) }),
  })
  await sayOutcome(bot, press, { ...press.to, replace: false }, message(said))
}

interface Listing {
  command: Command
  person: Person
  input: Record<string, unknown>
  log: Logger
  channel: string | undefined
}

// A page of Quay's is a call, and other people wait for their own.
const pagesAtMost = 10

async function everyPage(bot: Bot, { command, ...about }: Listing, t: Translate) {
  const rows: ListBlock['rows'] = []
  let columns: ListBlock['columns'] = []
  let page: string | undefined
  for (let read = 0; read < pagesAtMost; read += 1) {
    const result = await command.run({
      ...about,
      bot,
      quay: bot.quay,
      rows: rowsOfPage(bot.slack.drawing),
      ...(page !== undefined && { page }),
    })
    const list = listIn(command.view(result, t))
    if (list) columns = list.columns
    rows.push(...(list?.rows ?? []))
    page = isPaged(result) ? result.next : undefined
    if (page === undefined) break
  }
  return { columns, rows, more: page !== undefined }
}
