import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { workers } from '../../src/app/workers.ts'
import type { Job } from '../../src/db/queues.ts'
import { hooks, namespacePasses, subscriptions } from '../../src/db/schema.ts'
import { reconcile } from '../../src/notifications/webhook-reconcile.ts'
import { recordStatements } from '../db/recorded.ts'
import { startBot } from '../start-bot.ts'
import { passNow } from './hooks.ts'

const soon = { timeout: 30_000, interval: 30 }

/** A bot with so many subscriptions to repositories of namespaces of fifty, which were all looked at a moment ago. */
async function idleWith(number: number) {
  const started = await startBot()
  const { bot } = started
  await passNow(bot)
  const now = new Date(bot.clock())
  const rows = Array.from({ length: number }, (_, index) => ({
    id: `s${index}`,
    team: bot.slack.team,
    channel: `C${index % 50}`,
    target: `org${Math.floor(index / 50)}/web${index}`,
    owner: 'U0BEA',
    groups: ['pushes'],
    severity: 'high',
    tags: [],
    only: 'all' as const,
    digest: 'none' as const,
    checkedAt: now,
    createdAt: now,
  }))
  await bot.db.insert(subscriptions).values(rows)
  await bot.db.insert(hooks).values(
    rows.map(({ target, id }) => ({
      tokenHash: id,
      object: target,
      event: 'repo_push',
      notification: id,
      createdAt: now,
      checkedAt: now,
    })),
  )
  const passes = new Set(rows.map(({ target }) => target.split('/')[0] ?? ''))
  const later = new Date(bot.clock() + 600_000)
  await bot.db.insert(namespacePasses).values([...passes].map((namespace) => ({ namespace, dueAt: later, objects: 50, subscriptions: 50 })))
  return started
}

const periodic: Job[] = ['heal-subscriptions', 'reconcile', 'digest', 'fan-out', 'deliver', 'follow-builds', 'send-posts', 'show-homes']

/** The statements of one round of every periodic job. */
async function roundOf({ bot }: Awaited<ReturnType<typeof startBot>>) {
  // The jobs of the start, whose statements would stand between: they are queued when it is over, the look at webhooks always.
  const jobs = async () =>
    (
      await bot.db.execute(
        sql`select count(*) filter (where state < 'completed')::int as left, bool_or(name = 'reconcile') as "hasLooked" from pgboss.job`,
      )
    ).rows[0]
  await expect.poll(jobs, soon).toEqual({ left: 0, hasLooked: true })
  const statements = recordStatements(bot.db)
  for (const name of periodic) await workers[name](bot, {} as never, { last: false }) // their jobs have no data
  return statements.filter(({ sql: text }) => !text.includes('pgboss.')).map(({ sql: text }) => text)
}

test('nothing happens: a round of all periodic work asks the database as little for a thousand subscriptions as for ten', async () => {
  const few = await roundOf(await idleWith(10))
  const many = await roundOf(await idleWith(1_000))
  expect(many.toSorted()).toEqual(few.toSorted())
  // 15 seconds lie between two rounds at least.
  expect(many.length * 4).toBeLessThan(200)
})

test('a pass over a namespace asks the database once for all its webhooks, and not for each', async () => {
  const started = await idleWith(500)
  const { bot, quay } = started
  // What is gone from Quay ends its subscriptions instead.
  const { organizations, repositories } = quay.registry
  const [organization] = organizations.filter(({ name }) => name === 'acme')
  const [repository] = repositories.filter(({ namespace, name }) => namespace === 'acme' && name === 'api')
  if (!organization || !repository) throw new Error('no acme/api')
  organizations.push(...['org1', 'org2'].map((name) => ({ ...structuredClone(organization), name })))
  for (let index = 50; index < 150; index += 1)
    repositories.push({ ...structuredClone(repository), namespace: `org${Math.floor(index / 50)}`, name: `web${index}` })
  await bot.db.execute(
    sql`update namespace_passes set due_at = ${new Date(bot.clock()).toISOString()}::timestamptz where namespace in ('org1', 'org2')`,
  )
  const statements = recordStatements(bot.db)
  await reconcile(bot)
  const done = async () => (await bot.db.select().from(namespacePasses)).filter(({ finishedAt }) => finishedAt !== null).length
  await expect.poll(done, soon).toBe(2)
  const ofHooks = statements.filter(({ sql: text }) => text.startsWith('select') && text.includes('from "hooks"'))
  expect(ofHooks).toHaveLength(4)
})
