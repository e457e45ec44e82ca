import { randomBytes } from 'node:crypto'
import { and, desc, eq, gt, isNull, lt } from 'drizzle-orm'
import { z } from 'zod'
import type { Bot } from '../context.ts'
import { type Credential, credential } from '../core/credential.ts'
import { aDay, aMinute } from '../core/durations.ts'
import { Failure } from '../core/failure.ts'
import type { Sentence } from '../core/i18n.ts'
import { opened, type Sealed, sealed } from '../core/keys.ts'
import type { Db } from '../db/database.ts'
import { deleteInBatches } from '../db/delete-in-batches.ts'
import { secrets } from '../db/schema.ts'
import type { Person } from './identity.ts'

type Keeper = Pick<Bot, 'db' | 'clock' | 'keys'>
type Owner = Pick<Person, 'id' | 'team'>

// Long enough to paste the credential where it belongs, and short enough that it is not left lying around.
const openAgain = 10 * aMinute

export interface ToSeal {
  /** The only person who can reveal it. */
  person: Owner
  /** A description without any part of the credential: `Token of {robot}`. */
  what: Sentence
  /** By name: `{ token }`, `{ password, encrypted_password }`. */
  credentials: Record<string, Credential>
  /** Values for the snippets below it: the registry, the user name. */
  context?: Record<string, string>
  /** When it is deleted if it was never revealed; by default one day from now. */
  expiresAt?: Date
}

/** Seals credentials for one person until they are revealed or expire. Returns the id for the *Reveal* button. */
export async function seal(bot: Omit<Keeper, 'db'>, tx: Db, { person, what, credentials, context = {}, expiresAt }: ToSeal) {
  const id = randomBytes(16).toString('base64url')
  const text = JSON.stringify({ credentials: revealed(credentials), context })
  const now = bot.clock()
  await tx.insert(secrets).values({
    id,
    team: person.team,
    person: person.id,
    what,
    ...sealed(bot.keys, [id, person.id, person.team], text),
    createdAt: new Date(now),
    expiresAt: expiresAt ?? new Date(now + aDay),
  })
  return id
}

const contents = z.object({ credentials: z.record(z.string(), credential()), context: z.record(z.string(), z.string()) })

export type Revealed = z.output<typeof contents> & { what: Sentence }

/**
 * Opens the credentials for the person they were sealed for. They can be opened repeatedly until ten minutes after they were
 * shown (`markOpened`), until `done`, or until they expire. Throws `denied` or `not_found`.
 */
export async function reveal(bot: Keeper, id: string, person: Owner): Promise<Revealed> {
  const row = await find(bot, id, person)
  const text = opened(bot.keys, [id, person.id, person.team], row)
  return { ...contents.parse(JSON.parse(text)), what: row.what }
}

/** Starts the ten minutes, only after Slack has confirmed that the modal shows the credentials (docs/SECURITY.md rule 21). */
export async function markOpened(bot: Keeper, id: string, person: Owner) {
  const { openedAt } = await find(bot, id, person)
  if (!openedAt)
    await bot.db
      .update(secrets)
      .set({ openedAt: new Date(bot.clock()) })
      .where(eq(secrets.id, id))
}

/** Deletes the credentials because their person has saved them. Idempotent. */
export async function done(bot: Keeper, id: string, person: Owner) {
  const [row] = await bot.db.select().from(secrets).where(eq(secrets.id, id))
  if (row && !isOwner(row, person)) throw notYours()
  await bot.db.delete(secrets).where(eq(secrets.id, id))
}

/** Unrevealed credentials of a person, newest first, for App Home. */
export async function listSealed({ db, clock }: Pick<Keeper, 'db' | 'clock'>, { id, team }: Owner, limit = 10) {
  const mine = and(eq(secrets.person, id), eq(secrets.team, team), isNull(secrets.openedAt), gt(secrets.expiresAt, new Date(clock())))
  return db.select({ id: secrets.id, what: secrets.what }).from(secrets).where(mine).orderBy(desc(secrets.createdAt)).limit(limit)
}

/** Deletes credentials that expired or were revealed, for the retention job. */
export async function deleteExpired({ db, clock }: Pick<Bot, 'db' | 'clock'>) {
  const now = clock()
  await deleteInBatches(db, secrets, lt(secrets.expiresAt, new Date(now)))
  await deleteInBatches(db, secrets, lt(secrets.openedAt, new Date(now - openAgain)))
}

/** Seals credentials from a modal's input, to be stored with the waiting request: by request id and requester. */
export function sealInput(
  { keys }: Pick<Keeper, 'keys'>,
  { id, person }: { id: string; person: Owner },
  credentials: Record<string, Credential>,
): Sealed {
  return sealed(keys, ['input', id, person.id, person.team], JSON.stringify(revealed(credentials)))
}

/** The credentials that this person entered, decrypted. Throws if the box is of another request or person, or no key fits. */
export function openInput(
  { keys }: Pick<Keeper, 'keys'>,
  { id, person }: { id: string; person: Owner },
  box: Sealed,
): Record<string, Credential> {
  return z.record(z.string(), credential()).parse(JSON.parse(opened(keys, ['input', id, person.id, person.team], box)))
}

async function find({ db, clock }: Keeper, id: string, person: Owner) {
  const [row] = await db.select().from(secrets).where(eq(secrets.id, id))
  if (row && !isOwner(row, person)) throw notYours()
  const until = row && Math.min(row.expiresAt.getTime(), (row.openedAt?.getTime() ?? Number.POSITIVE_INFINITY) + openAgain)
  if (!row || clock() >= Number(until)) {
    throw new Failure('not_found', 'This credential is no longer available (already viewed, deleted or expired). Generate a new one.')
  }
  return row
}

function isOwner(row: typeof secrets.$inferSelect, { id, team }: Owner) {
  return row.person === id && row.team === team
}

function notYours() {
  return new Failure('denied', 'Only the person this credential was made for can see it.')
}

function revealed(credentials: Record<string, Credential>) {
  return Object.fromEntries(Object.entries(credentials).map(([name, value]) => [name, value.reveal()]))
}
