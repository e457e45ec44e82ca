import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '../../src/db/database.ts'

const atOnce = 50_000

/**
 * Fills the tables as years of a company fill them: nearly everything is over and done, and little is due. `size` is the number of
 * rows of the audit log; the other tables have a part of that, and `most` rows at most.
 */
export async function populate(db: Db, size: number, now: number, most = Number.POSITIVE_INFINITY): Promise<void> {
  const at = new Date(now).toISOString()
  const rows = (share: number) => sql`generate_series(1, ${Math.max(1, Math.round(Math.min(size * share, most)))}::integer) as n`
  const ago = sql`${at}::timestamptz - n * interval '40 seconds'`
  // A statement may take 15 seconds at most.
  for (let first = 1; first <= size; first += atOnce)
    await db.execute(
      sql`insert into audit (at, reference, phase, team, person, name, account, operation, input, request, position, seal)
      select ${at}::timestamptz - (${size}::integer - n) * interval '40 seconds', 'r' || (n / 3),
        case when n % 400 = 0 then 'refused' when n % 3 = 0 then 'started' else 'finished' end, 'T0ACME', 'U' || (n % 2000), 'p' || (n % 2000),
        'p' || (n % 2000), 'command ' || (n % 190), '{}'::jsonb, case when n % 50 = 0 then 'q' || (n / 200) end, n, 's' || n
      from generate_series(${first}::integer, ${Math.min(size, first + atOnce - 1)}::integer) as n`,
    )
  const all: SQL[] = [
    sql`insert into requests (id, team, requester, name, operation, input, rule, revision, about, state, reference, due_at, created_at, expires_at, ended_at, drawn)
      select 'q' || n, 'T0ACME', 'U' || (n % 2000), 'p', 'repo create', '{}', '{}', 'v' || n, '{}',
        case when n % 500 = 0 then 'pending' else 'succeeded' end, 'r' || n, ${ago}, ${ago}, ${ago}, case when n % 500 = 0 then null else ${ago} end, 1
      from ${rows(0.2)}`,
    sql`insert into delegations (id, team, delegator, delegator_name, delegator_account, delegate, delegate_name, delegate_account, ends_at, created_at, ended_at)
      select 'd' || n, 'T0ACME', 'U' || n, 'p', 'p', 'U' || (n + 1), 'p', 'p', ${ago}, ${ago}, ${ago} from ${rows(0.2)}`,
    sql`insert into votes (request, account, person, name, decision, entitled, at) select 'q' || n, 'p1', 'U1', 'p1', 'approved', true, ${ago} from ${rows(0.2)}`,
    sql`insert into approver_notices (request, person, how) select 'q' || n, 'U' || (n % 2000), 'direct' from ${rows(0.2)}`,
    sql`insert into access_holds (id, kind, object, grantee, created_at) select 'h' || n, 'repository', 'o' || n, 'g', ${ago} from ${rows(0.2)}`,
    sql`insert into access_grants (id, hold, reference, request, team, decided, asker, role, state, started_at, ends_at, ended_at)
      select 'g' || n, 'h' || n, 'r' || n, 'q' || n, 'T0ACME', '[]', 'U1', 'read', 'ended', ${ago}, ${ago}, ${ago} from ${rows(0.2)}`,
    sql`insert into entries (key, team, person, operation, reference, state, created_at) select 'k' || n, 'T0ACME', 'U1', 'repo create', 'r', 'done', ${at}::timestamptz - n * interval '1 second' from ${rows(0.2)}`,
    sql`insert into subscriptions (id, team, channel, target, owner, groups, severity, tags, "only", digest, state, checked_at, created_at)
      select 's' || n, 'T0ACME', 'C' || (n % 500), 'org' || (n / 50) || '/web' || n, 'U' || (n % 2000), '["builds"]', 'high', '[]', 'all', 'none',
        case when n % 20 = 0 then 'ended' else 'active' end, ${at}::timestamptz, ${ago} from ${rows(0.2)}`,
    sql`insert into hooks (token_hash, object, event, notification, created_at, checked_at)
      select 'h' || n, 'org' || (n / 50) || '/web' || n, 'repo_push', 'i' || n, ${ago}, ${at}::timestamptz from ${rows(0.4)}`,
    sql`insert into namespace_passes (namespace, due_at, objects, subscriptions) select 'org' || n, ${at}::timestamptz + interval '10 minutes', 50, 50 from ${rows(0.004)}`,
    sql`insert into events (hook, object, kind, source, key, subject, body, received_at, fanned_at)
      select n, 'org' || (n / 50) || '/web' || n, 'repo_push', 'webhook', 'e' || n, 'push ' || n, '{}', ${ago}, ${ago} from ${rows(0.4)}`,
    sql`insert into cards (id, channel, subject, data, state, wanted, drawn, due_at, created_at)
      select 'c' || n, 'C' || (n % 500), 'push ' || n, '{}', 'posted', 1, 1, ${ago}, ${ago} from ${rows(0.4)}`,
    sql`insert into channel_turns (channel, due_at) select 'C' || n, ${at}::timestamptz from generate_series(0, 499) as n`,
    sql`insert into builds (repository, build, starter, ended_at, created_at) select 'org' || (n / 50) || '/web' || n, 'b' || n, 'U' || (n % 2000), ${ago}, ${ago} from ${rows(0.2)}`,
    sql`insert into follows (repository, due_at, since, watched_since) select 'org' || (n / 50) || '/web' || n, ${at}::timestamptz + interval '1 hour', ${ago}, ${ago} from ${rows(0.2)}`,
    sql`insert into posts (key, channel, message, state, due_at, created_at) select 'p' || n, 'C1', '{}', 'posted', ${at}::timestamptz, ${at}::timestamptz - n * interval '1 second' from ${rows(0.2)}`,
    sql`insert into homes (team, person, drawn, due_at, opened_at) select 'T0ACME', 'U' || n, 1, ${ago}, ${at}::timestamptz from ${rows(0.2)}`,
    sql`insert into recent (team, person, operation, input, at) select 'T0ACME', 'U' || (n / 10), 'command ' || n, '{}', ${at}::timestamptz from ${rows(0.2)}`,
    sql`insert into secrets (id, team, person, what, key_id, nonce, ciphertext, created_at, expires_at) select 's' || n, 'T0ACME', 'U' || (n % 2000), '{}', 'k', 'n', 'c', ${ago}, ${at}::timestamptz + interval '1 day' from ${rows(0.2)}`,
    sql`insert into replies (id, team, person, operation, input, created_at) select 'r' || n, 'T0ACME', 'U1', 'x', '{}', ${at}::timestamptz from ${rows(0.2)}`,
    sql`insert into pages (id, team, person, operation, input, endpoint, tokens, firsts, created_at, used_at) select 'p' || n, 'T0ACME', 'U1', 'x', '{}', 'e', '[]', '[]', ${at}::timestamptz, ${at}::timestamptz from ${rows(0.2)}`,
  ]
  for (const one of all) await db.execute(one)
  await db.execute(sql`analyze`)
}
