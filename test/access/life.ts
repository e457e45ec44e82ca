// A whole bot that may be killed at any moment when it is in a process of its own. It says “ready”, and with “finish” what every temporary
// permission has come to, as soon as none is open any more.
import { and, eq } from 'drizzle-orm'
import { pino } from 'pino'
import { startBot } from '../../src/app/start.ts'
import { openStates } from '../../src/approvals/access/hold.ts'
import { readConfig } from '../../src/core/config.ts'
import { secretsKey } from '../../src/core/keys.ts'
import { policyOf } from '../../src/core/policy.ts'
import { accessGrants, accessHolds, audit } from '../../src/db/schema.ts'
import { type Live, liveAlone } from '../own-life.ts'

export const live: Live = async (settings, database, until, say) => {
  const read = readConfig({ ...settings, DATA_DIR: '/nowhere' })
  if ('problems' in read) throw new Error(read.problems.join('\n'))
  const log = pino({ level: 'fatal' }, pino.destination({ dest: 2, sync: true }))
  const keys = await secretsKey({ setting: 'a setting of thirty-two letters or more' })
  const { bot, stop } = await startBot({ config: read.config, policy: policyOf({}), database, keys, log })
  say('ready', process.pid)
  const look = async () => {
    const rows = await bot.db.select().from(accessGrants).innerJoin(accessHolds, eq(accessHolds.id, accessGrants.hold))
    const open = rows.filter((row) => openStates.includes(row.access_grants.state))
    // What a test that waits in vain says.
    say(
      'open',
      open
        .slice(0, 5)
        .map(({ access_grants: { state, startedAt, endsAt }, access_holds: { grantee, writing, failures, leaseUntil, retryAt } }) => {
          return { state, startedAt, endsAt, grantee, writing, failures, leaseUntil, retryAt }
        }),
    )
    if (until !== 'finish' || open.length > 0) return
    clearInterval(timer)
    const ends = await bot.db
      .select()
      .from(audit)
      .where(and(eq(audit.operation, 'access end'), eq(audit.phase, 'finished')))
    say(
      'rows',
      rows.map(({ access_grants: { id, state, role, endsAt, endedAt }, access_holds: { object, grantee } }) => ({
        ...{ id, state, role, object, grantee, endsAt: endsAt.getTime(), endedAt: endedAt?.getTime() },
        ended: ends.filter(({ input }) => input.grant === id).length,
      })),
    )
  }
  const timer = setInterval(look, 250)
  return async () => {
    clearInterval(timer)
    await stop()
  }
}

if (import.meta.main) await liveAlone(live)
