import { createHash, randomBytes } from 'node:crypto'
import { and, eq } from 'drizzle-orm'
import type { Bot } from '../context.ts'
import { type Credential, credential } from '../core/credential.ts'
import { Failure } from '../core/failure.ts'
import { hooks } from '../db/schema.ts'
import { createNotification, deleteNotification, listNotifications, type Notification } from '../quay/notifications.ts'
import type { Quay } from '../quay/registry.ts'

export const eventsPath = '/quay/events/'

export type Webhook = typeof hooks.$inferSelect

/** Only the hash of a token is stored, so that a reader of the database cannot send events. */
export function hashOf(token: string) {
  return createHash('sha256').update(token).digest('base64url')
}

/** The title by which a notification is found again when Quay's answer to its creation was lost. */
export function titleOf({ id }: Pick<Webhook, 'id'>) {
  return `Quaymaster ${id}`
}

/**
 * Ensures that Quay has a notification for an event of a repository. The row with the token is written first, because the first
 * event may arrive before Quay's answer. Returns whether it was created. Throws what Quay's client throws.
 */
export async function ensureWebhook(bot: Bot, quay: Quay, object: string, event: string): Promise<boolean> {
  const found = await findHook(bot, object, event)
  if (found?.notification) return false
  if (found && (await findAgain(bot, quay, found))) return false
  await makeNotification(bot, quay, object, event)
  return true
}

/** Finds a notification whose creation was not answered: it has the stored token, and another one would be refused forever. */
async function findAgain(bot: Bot, quay: Quay, webhook: Webhook) {
  const made = (await listNotifications(quay, webhook.object)).find(({ title }) => title === titleOf(webhook))
  if (made) await confirm(bot, webhook, made)
  return made !== undefined
}

/**
 * Creates Quay's notification for an event, with a new token that replaces an older one. If two processes do so at the same time,
 * the later token wins and the other notification is deleted again.
 */
export async function makeNotification(bot: Bot, quay: Quay, object: string, event: string): Promise<void> {
  const { webhook, url } = await newToken(bot, object, event)
  const made = await createNotification(quay, object, wanted(webhook, url))
  if (!(await confirm(bot, webhook, made))) await deleteNotification(quay, object, made.id).catch(ignoreMissing)
}

function wanted(webhook: Webhook, url: Credential) {
  // 5 is the least severe, because each subscription filters by severity. A week before an expiry is early enough to act.
  const options = webhook.event === 'vulnerability_found' ? { level: '5' } : webhook.event === 'repo_image_expiry' ? { days: 7 } : {}
  return { event: webhook.event, method: 'webhook' as const, url, title: titleOf(webhook), options }
}

async function newToken(bot: Bot, object: string, event: string) {
  const publicUrl = reachableAt(bot)
  const token = randomBytes(32).toString('base64url')
  const now = new Date(bot.clock())
  const tokenHash = hashOf(token)
  const [webhook] = await bot.db
    .insert(hooks)
    .values({ tokenHash, object, event, createdAt: now, checkedAt: now })
    // Until when the one before is known to have worked stays: what was missed since is still to be fetched (webhook-repair.ts).
    .onConflictDoUpdate({ target: [hooks.object, hooks.event], set: { tokenHash } })
    .returning()
  if (!webhook) throw new TypeError('an upsert returned no row')
  return { webhook, url: credential().parse(new URL(`${eventsPath}${token}`, publicUrl).href) }
}

/** Stores Quay's id of a notification. Returns false if the webhook has another token by now. */
export async function confirm({ db }: Pick<Bot, 'db'>, { id, tokenHash }: Webhook, { id: notification }: Notification): Promise<boolean> {
  const confirmed = await db
    .update(hooks)
    .set({ notification })
    .where(and(eq(hooks.id, id), eq(hooks.tokenHash, tokenHash)))
    .returning({ id: hooks.id })
  return confirmed.length > 0
}

async function findHook({ db }: Bot, object: string, event: string): Promise<Webhook | undefined> {
  const [webhook] = await db
    .select()
    .from(hooks)
    .where(and(eq(hooks.object, object), eq(hooks.event, event)))
  return webhook
}

/** Deletes a webhook, first in Quay: an unknown token would make Quay disable the notification. */
export async function removeWebhook(bot: Bot, quay: Quay, webhook: Webhook): Promise<void> {
  const there = (await listNotifications(quay, webhook.object)).find(
    (one) => one.id === webhook.notification || one.title === titleOf(webhook),
  )
  if (there) await deleteNotification(quay, webhook.object, there.id).catch(ignoreMissing)
  await bot.db.delete(hooks).where(eq(hooks.id, webhook.id))
}

function ignoreMissing(error: unknown) {
  if (!(error instanceof Failure) || error.code !== 'not_found') throw error
}

/** The URL at which Quay reaches the bot. Throws `conflict` if the operator has set none. */
export function reachableAt({ config }: Pick<Bot, 'config'>): string {
  if (config.PUBLIC_URL !== undefined) return config.PUBLIC_URL
  throw new Failure(
    'conflict',
    'Quay can’t reach Quaymaster because PUBLIC_URL is not set. An operator must set it to a URL that Quay can reach.',
  )
}
