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
 * Ensures that Quay has a notification for each event of an object, of which `own` are the rows. The row with the token is
 * written first, because the first event may arrive before Quay's answer. Throws what Quay's client throws.
 */
export async function ensureWebhooksOf(bot: Bot, quay: Quay, object: string, events: Set<string>, own: Webhook[]): Promise<void> {
  const rows = new Map(own.map((webhook) => [webhook.event, webhook]))
  const unanswered = own.some(({ event, notification }) => events.has(event) && notification === null)
  const there = unanswered ? await listNotifications(quay, object) : []
  for (const event of events) {
    const webhook = rows.get(event)
    if (webhook?.notification) continue
    // Its creation was not answered: it has the stored token, and another one would be refused forever.
    const made = webhook && there.find(({ title }) => title === titleOf(webhook))
    if (made) await confirm(bot, webhook, made)
    else await makeNotification(bot, quay, object, event)
  }
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
  return { webhook, url: credential().parse(`${publicUrl}${eventsPath}${token}`) }
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

/** Deletes webhooks of an object, first in Quay: an unknown token would make Quay disable the notification. */
export async function removeWebhooks(bot: Bot, quay: Quay, object: string, webhooks: Webhook[]): Promise<void> {
  // Quay deletes the notifications of a repository with it.
  const there = (await listNotifications(quay, object).catch(ignoreMissing)) ?? []
  for (const webhook of webhooks) {
    const found = there.find((one) => one.id === webhook.notification || one.title === titleOf(webhook))
    if (found) await deleteNotification(quay, object, found.id).catch(ignoreMissing)
    await bot.db.delete(hooks).where(eq(hooks.id, webhook.id))
  }
}

function ignoreMissing(error: unknown): undefined {
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
