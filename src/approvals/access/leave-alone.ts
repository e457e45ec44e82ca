import { eq } from 'drizzle-orm'
import type { Bot } from '../../context.ts'
import { accessGrants } from '../../db/schema.ts'
import type { Grant, Held } from './hold.ts'
import type { Role } from './in-force.ts'
import { hearersOf, tellEnd, valuesOf } from './tell.ts'

/** Somebody changed it in Quay meanwhile: then it is theirs, nothing of it is taken away or given back, and everybody concerned is told. */
export async function leaveAlone(bot: Bot, { hold, write }: Pick<Held, 'hold' | 'write'>, open: Grant[], found: Role | null, who?: string) {
  const people = await Promise.all(open.map((one) => hearersOf(bot, hold, one)))
  await bot.db.transaction(async (tx) => {
    await write(tx, { applied: found, permanent: found, writing: null, since: null, retryAt: null, failures: 0 })
    for (const [index, grant] of open.entries()) {
      const outcome = {
        message:
          '{who, select, none {Someone} other {{who}}} changed the permission of {grantee} on {object} in Quay after it was granted temporarily. It stays as it is: {found, select, none {none} other {*{found}*}}.',
        values: { ...valuesOf(hold, grant), who: who ?? 'none', found: found ?? 'none' },
      }
      await tx
        .update(accessGrants)
        .set({ state: 'left', outcome, endedAt: new Date(bot.clock()) })
        .where(eq(accessGrants.id, grant.id))
      await tellEnd(bot, tx, people[index] ?? [], hold, grant, outcome)
    }
  })
}
