import { setTimeout as wait } from 'node:timers/promises'
import type { Logger } from 'pino'
import { auditRow } from '../../command/audit-row.ts'
import { checkPermissions } from '../../command/authorize.ts'
import type { Paged } from '../../command/command.ts'
import { commands } from '../../command/registry.ts'
import { type Bot, onBehalfOf } from '../../context.ts'
import { track } from '../../core/drain.ts'
import { aMinute } from '../../core/durations.ts'
import { Failure } from '../../core/failure.ts'
import { cached } from '../../core/ttl-cache.ts'
import { withPriority } from '../../quay/http.ts'
import { openMemo } from '../../quay/memo.ts'
import { audit } from '../../security/audit-log.ts'
import { identify } from '../../security/identity.ts'
import { rowsOfPage } from '../../slack/drawing.ts'
import type { Outcome, PageShown, Shared } from '../outcome.ts'
import { aheadOf, keepAhead, pageTurned, rememberPage, type Turn, turnPage } from './page-store.ts'

/** Whether a result has entries that can be paged. */
export function isPaged(result: unknown): result is Paged<unknown> {
  return typeof result === 'object' && result !== null && 'entries' in result && Array.isArray(result.entries)
}

/** Removes Quay's token, which never leaves the bot (docs/SECURITY.md rule 27). */
export function withoutToken(result: unknown) {
  return isPaged(result) ? { ...result, next: undefined } : result
}

interface Listed extends Shared {
  log: Logger
}

/** Stores the first page of a list with more pages, and prefetches the second. */
export async function rememberFirst(bot: Bot, listed: Listed, { entries, next, peek }: Paged<unknown>): Promise<PageShown | undefined> {
  const { name, person, input } = listed
  const id = await rememberPage(bot, { person, operation: name, input, endpoint: `${name} ${JSON.stringify(input)}`, entries, next })
  if (id === undefined) return undefined
  const older = await leadsOn(fetchAhead(bot, { ...listed, id, index: 1 }), peek)
  return older ? { id, index: 0, newer: false, older } : undefined
}

interface Press {
  id: string
  index: number
  user: string
  reference: string
  log: Logger
}

/** Older or Newer: checks permissions again, and uses the prefetched page if there is one. */
export async function turnTo(all: Bot, { id, index, user, reference, log }: Press): Promise<Outcome> {
  const bot = onBehalfOf(all, user, 'page')
  const person = await identify(bot, user)
  const turn = await turnPage(bot, id, index, person)
  const command = commands.get(turn.operation)
  if (!command) throw new Failure('not_found', 'This list has expired. Run the command again.')
  const shared = { name: turn.operation, command, person, input: turn.input }
  const permissions = await checkPermissions(bot, person, command, turn.input)
  const result = turn.ahead ?? (await fetchPage(bot, { ...shared, log, id }, turn.token, 'interactive'))
  if (!isPaged(result)) throw new TypeError(`${turn.operation} gave a page and then none`)
  await pageTurned(bot, id, index, result)
  await audit(bot, bot.db, { ...auditRow({ ...shared, reference, permissions }), phase: 'finished' })
  const older = result.next !== undefined && (await leadsOn(fetchAhead(bot, { ...shared, log, id, index: index + 1 }), result.peek))
  return { ...shared, state: 'done', result: withoutToken(result), steps: [], page: { id, index, newer: index > 0, older } }
}

// The person may press Older for as long as they read; what the bot changes in between is forgotten with the cache (app/forget.ts).
const listLasts = 10 * aMinute

/** The permission was checked before. What is remembered here is only the list of a registry that pages none (`whole`), for its pages. */
async function fetchPage(
  bot: Bot,
  { command, person, input, log, id }: Listed & { id: string },
  token: Turn['token'],
  purpose: 'interactive' | 'background',
) {
  const lists = await cached(bot.cache, `lists ${id}`, async () => openMemo(), { lasts: listLasts })
  const quay = { ...withPriority(bot.quay, { class: purpose, person: person.id, work: 'page' }), lists }
  return command.run({ bot, input, person, log, quay, rows: rowsOfPage(bot.slack.drawing), ...(token !== undefined && { page: token }) })
}

/** Prefetches in the background, within the rate limit. If it fails, the press reads the page and reports the error. */
function fetchAhead(bot: Bot, ahead: Listed & { id: string; index: number }): Promise<unknown> {
  const fetched = keepNext(bot, ahead).catch((error: unknown) => ahead.log.info({ err: error }, 'could not prefetch a page'))
  void track(bot, fetched)
  return fetched
}

// A reply must not wait long only to leave out a button.
const patience = 1_500

/** Whether there is a next page. If the last page has a token too, the next one is read before *Older* is rendered. */
async function leadsOn(ahead: Promise<unknown>, peek: boolean | undefined): Promise<boolean> {
  if (!peek) return true
  const next = await Promise.race([ahead, wait(patience, undefined, { ref: false })])
  return !isPaged(next) || next.entries.length > 0 || next.next !== undefined
}

async function keepNext(bot: Bot, { id, index, ...listed }: Listed & { id: string; index: number }) {
  const { token, result: there } = await aheadOf(bot, id, index)
  if (token === undefined) return there
  const result = await fetchPage(bot, { ...listed, id }, token, 'background')
  await keepAhead(bot, id, { index, token }, result)
  return result
}
