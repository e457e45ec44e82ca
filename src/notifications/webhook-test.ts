import { setTimeout as wait } from 'node:timers/promises'
import { asc, eq } from 'drizzle-orm'
import type { Bot } from '../context.ts'
import { Failure } from '../core/failure.ts'
import { hooks } from '../db/schema.ts'
import { testNotification } from '../quay/notifications.ts'
import type { Quay } from '../quay/registry.ts'
import { reachableAt } from './webhook-registration.ts'

const patience = 15_000
const between = 50

/** Makes Quay send its example event and waits until it arrives, on any replica. Returns the milliseconds. Throws `conflict` if it does not arrive. */
export async function testWebhook(bot: Bot, quay: Quay, repository: string): Promise<number> {
  const address = reachableAt(bot)
  const webhook = await anyHook(bot, repository)
  if (!webhook?.notification)
    throw new Failure('conflict', 'Quay has no notification of Quaymaster for {repository} yet. Try again in a minute.', { repository })
  await bot.db
    .update(hooks)
    .set({ testedAt: new Date(bot.clock()), answeredAt: null })
    .where(eq(hooks.id, webhook.id))
  const started = performance.now()
  await testNotification(quay, repository, webhook.notification)
  while (performance.now() - started < patience) {
    const [now] = await bot.db.select({ answeredAt: hooks.answeredAt }).from(hooks).where(eq(hooks.id, webhook.id))
    if (now?.answeredAt) return Math.round(performance.now() - started)
    await wait(between)
  }
  throw new Failure('conflict', 'Quay accepted the test, but nothing arrived within {seconds, number} seconds. Can Quay reach {address}?', {
    seconds: patience / 1000,
    address,
  })
}

/** The example event of a build can be told from a real one; that of an expiring tag cannot. */
async function anyHook({ db }: Bot, repository: string) {
  const all = await db.select().from(hooks).where(eq(hooks.object, repository)).orderBy(asc(hooks.id))
  return all.find(({ event }) => event !== 'repo_image_expiry') ?? all[0]
}
