import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import { listAudit } from '../../../src/security/audit-log.ts'
import { percentile } from '../percentile.ts'
import type { Figure } from './figure.ts'
import { subscribe } from './figures-load.ts'
import { startCompany } from './start.ts'

export const idleQueries: Figure = async (database) => {
  const company = await startCompany(await database(), { webhooks: true })
  await company.accountsRead()
  await subscribe(company, 10_000)
  // Idle is what comes after the first pass over the registry.
  await company.bot.db.execute(sql`update directory_lists set due_at = now() + interval '1 hour' where list like '%/*'`)
  // The same of the first pass over what is new to it: six minutes at most.
  const unseen = sql`select 1 from namespace_passes where finished_at is null limit 1`
  await sleep(60_000)
  for (let waited = 0; waited < 300 && (await company.bot.db.execute(unseen)).rows.length > 0; waited += 1) await sleep(1_000)
  const before = company.queries()
  await sleep(60_000)
  const perMinute = company.queries() - before
  await company.stop()
  return [{ figure: 'queries per minute at idle with 10,000 subscriptions', measured: perMinute.toLocaleString('en'), aim: '≤ 1,000' }]
}

const rows = 1_000_000
const piece = 20_000

export const auditOfAMillion: Figure = async (database) => {
  const company = await startCompany(await database())
  const { db } = company.bot
  // Mostly reads of a thousand people; few of the rows are about requests. Piece by piece, because no statement may take long.
  for (let from = 1; from <= rows; from += piece)
    await db.execute(sql`insert into audit (at, reference, phase, team, person, name, account, operation, input, request, position)
      select now() - (1000000 - n) * interval '20 seconds', 'ref' || n, (array['started','finished','refused','asked'])[1 + n % 4], 'T0QUAY',
        'U0P' || n % 1000, 'person' || n % 1000, 'person' || n % 1000,
        (array['repo list','repo create','tag list','build start','org delete'])[case when n % 5000 = 0 then 5 else 1 + n % 4 end],
        '{}', case when n % 100 = 0 then 'request' || n / 500 end, n
      from generate_series(${sql.raw(String(from))}, ${sql.raw(String(from + piece - 1))}) as n`)
  await db.execute(sql`analyze audit`)
  const filters = {
    user: { account: 'person7' },
    person: { person: 'U0P7' },
    command: { operation: 'org delete' },
    request: { request: 'request7' },
    phase: { phase: 'refused' as const, account: 'person8' },
    // Somebody who did nothing at all is the slowest to look for.
    nobody: { account: 'nobody' },
  }
  const measured: string[] = []
  for (const [name, filter] of Object.entries(filters)) {
    const took: number[] = []
    for (let time = 0; time < 7; time += 1) {
      const started = performance.now()
      await listAudit(company.bot, { filters: filter })
      took.push(performance.now() - started)
    }
    measured.push(`${name} ${percentile(took, 0.5).toFixed(0)} ms`)
  }
  await company.stop()
  return [{ figure: 'audit of a million rows', measured: measured.join(', '), aim: '≤ 20 ms each' }]
}
