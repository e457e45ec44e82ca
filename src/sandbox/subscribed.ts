import type { Started } from '../app/start.ts'
import { hooks } from '../db/schema.ts'
import { enqueuePass } from '../notifications/namespace-pass.ts'
import { subscribe } from '../notifications/subscriptions.ts'
import { namespaceOf } from '../quay/names.ts'
import { identify } from '../security/identity.ts'

/** The starting point of the tour: bea has subscribed #acme-dev to breaking and fixed builds of acme/api. */
export async function beginSubscribed({ bot }: Started): Promise<void> {
  const bea = await identify(bot, 'U0BEA')
  const builds = { target: 'acme/api', groups: ['builds' as const], only: 'changes' as const }
  const wish = { channel: 'C0ACMEDEV', severity: 'high', tags: [], digest: 'none' as const, ...builds }
  await bot.db.transaction((tx) => subscribe(bot, tx, bea, wish))
}

/** After a reset of Quay, which deletes our notifications: registers them again without telling anybody of a gap. */
export async function beginAgain({ bot }: Started): Promise<void> {
  await bot.db.transaction(async (tx) => {
    const deleted = await tx.delete(hooks).returning({ object: hooks.object })
    await enqueuePass(
      bot,
      tx,
      deleted.map(({ object }) => namespaceOf(object)),
    )
  })
}
