import { setTimeout as sleep } from 'node:timers/promises'
import { eq, inArray } from 'drizzle-orm'
import { type Bot, enqueue } from '../../context.ts'
import { aMinute } from '../../core/durations.ts'
import { Failure } from '../../core/failure.ts'
import { isStopped } from '../../core/timers.ts'
import { directoryUsers } from '../../db/directory-tables.ts'
import { findUser, type User } from '../../quay/users.ts'
import { hashesOf, hashOf, isSameAddress } from './address.ts'
import { findList, type List, markDue } from './lists.ts'
import { readAccountsOn } from './pass.ts'

type Row = typeof directoryUsers.$inferSelect

// A person waits so long, in milliseconds, before they are told how long it takes; and how often the database is looked at.
const patience = 8_000
const looks = 200

/**
 * The account with one of these e-mail addresses, which all are the same person's: found in the directory, read anew from Quay, and only if it still has the address. Two that
 * have it in one pass, or now, are `several`. Undefined: the directory knows none. Usually one call. Unavailable: the directory has
 * not read all accounts yet, and the sentence says how long that takes; or else why it cannot read them.
 */
export async function findByAddress(bot: Bot, emails: string[]): Promise<User | 'several' | undefined> {
  const addresses = emails.flatMap((email) => hashesOf(bot.keys, email))
  if (addresses.length === 0) return undefined
  await untilRead(bot)
  const rows = await bot.db.select().from(directoryUsers).where(inArray(directoryUsers.address, addresses))
  const newest = Math.max(...rows.map(({ pass }) => pass))
  if (rows.filter(({ pass }) => pass === newest).length > 1) return 'several'
  // Of two passes: an account was renamed, deleted, or has given its address away.
  const read = await Promise.all(rows.map((row) => confirmed(bot, row, emails)))
  const matching = read.filter((user) => user !== undefined)
  return matching.length > 1 ? 'several' : matching[0]
}

/** The account as Quay has it now; undefined, and corrected in the directory, if it is gone or has another address. */
async function confirmed(bot: Bot, { name }: Row, emails: string[]): Promise<User | undefined> {
  const user = await findUser(bot.quay, name)
  if (user && emails.some((email) => isSameAddress(user.email, email))) return user
  if (user)
    await bot.db
      .update(directoryUsers)
      .set({ address: hashOf(bot.keys, user.email), enabled: user.enabled })
      .where(eq(directoryUsers.name, name))
  else await bot.db.delete(directoryUsers).where(eq(directoryUsers.name, name))
  return undefined
}

const isWhole = (bot: Bot, list: List | undefined): list is List & { finishedAt: Date } =>
  list !== undefined && list.finishedAt !== null && bot.keys.ring.some(({ id }) => id === list.keyId)

/** Resolves when all accounts have been read at least once. */
async function untilRead(bot: Bot): Promise<void> {
  const since = performance.now()
  for (;;) {
    const list = await findList(bot, 'users')
    if (isWhole(bot, list)) return
    if (list?.problem) throw new Failure(list.problem.code, list.problem.message, list.problem.values)
    const left = secondsLeft(bot, list)
    if (performance.now() - since + left * 1_000 > patience) throw stillReading(list, left)
    if (isStopped(bot)) await readAccountsOn(bot)
    await sleep(looks)
  }
}

function stillReading(list: List | undefined, seconds: number) {
  return new Failure(
    'unavailable',
    'Quay’s users are still being read{count, plural, =0 {} other {: # so far}}. Run the command again in {seconds, plural, one {# second} other {# seconds}}.',
    { count: (list?.pages ?? 0) * 100, seconds },
    { passes: false },
  )
}

// Quay does not say how many pages there are. Of the calls that it takes, a pass gets a share of its own.
const fewPages = 10
const share = 0.5

/** About how long the pass under way, or the next one, takes: from the pages known and QUAY_RATE. Whole seconds, at least one. */
function secondsLeft({ config }: Bot, list: List | undefined) {
  const read = list?.startedAt ? list.pages : 0
  const all = list?.knownPages ?? Math.max(fewPages, 2 * read)
  return Math.max(1, Math.ceil((Math.max(all, read + 1) - read) / (config.QUAY_RATE * share)))
}

/**
 * Has all accounts read again for somebody who was not found, and waits for it. Conflict: they were read a moment ago. Unavailable:
 * it takes longer; the sentence says how long. Whoever asks meanwhile is served by the same pass.
 */
export async function readAccountsAgain(bot: Bot): Promise<void> {
  const asked = new Date(bot.clock())
  const list = await findList(bot, 'users')
  const wait = list?.asOf ? list.asOf.getTime() + gapOf(bot, list) - asked.getTime() : 0
  if (wait > 0)
    throw new Failure(
      'conflict',
      'The users were read a moment ago. Check again in {seconds, plural, one {# second} other {# seconds}}.',
      { seconds: Math.ceil(wait / 1000) },
      { lookAgain: true },
    )
  await bot.db.transaction(async (tx) => {
    await markDue(bot, tx, ['users'], true)
    await enqueue(bot, tx, 'directory', {})
  })
  const since = performance.now()
  for (;;) {
    const now = await findList(bot, 'users')
    if (now?.asOf && now.asOf >= asked) return
    if (now?.problem) throw new Failure(now.problem.code, now.problem.message, now.problem.values)
    const left = secondsLeft(bot, now)
    if (performance.now() - since + left * 1_000 > 2 * patience) throw stillReading(now, left)
    await sleep(looks)
  }
}

/** At least this many milliseconds lie between two passes that people ask for: they take at most a tenth of all calls. */
function gapOf({ config }: Bot, { knownPages }: List) {
  return Math.max(aMinute, ((knownPages ?? 0) / (config.QUAY_RATE * 0.1)) * 1000)
}
