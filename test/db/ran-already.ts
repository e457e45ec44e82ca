import type { Pool } from 'pg'
import { declared, type Job, queues } from '../../src/db/queues.ts'

// Every process looks once for what an older release has left; tests that write rows of their own wait until it has.
const always: Job[] = ['reconcile']

/**
 * Writes into a new database that the periodic work of this moment has been done, but for `always` and `except`: a bot that starts
 * there begins none of it, as after a restart or beside a replica. Fourteen jobs take as long as the start itself.
 */
export async function writePeriods(query: Pool['query'], except: Job[]): Promise<void> {
  const open = new Set([...always, ...except])
  // Object.keys loses the type of the keys.
  const periodic = (Object.keys(queues) as Job[]).flatMap((name) => {
    const { every, options } = declared(name)
    return every === undefined || open.has(name) ? [] : [{ name, every, policy: options.policy ?? 'standard' }]
  })
  // As pg-boss counts them (12.38, dist/plans.js): one job of a name in each period since 1970.
  await query(
    `insert into pgboss.job (name, policy, state, singleton_on, completed_on)
     select name, policy, 'completed', 'epoch'::timestamp + interval '1 second' * (every * floor(extract(epoch from now()) / every)), now()
     from json_to_recordset($1) as periodic (name text, policy text, every int)`,
    [JSON.stringify(periodic)],
  )
}
