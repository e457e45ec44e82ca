import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { type Job, queues } from '../../src/db/queues.ts'
import { startBot } from '../start-bot.ts'

const periodic = Object.entries(queues).flatMap(([name, queue]) => ('every' in queue ? [{ name: name as Job, every: queue.every }] : []))

async function begun({ bot }: Awaited<ReturnType<typeof startBot>>) {
  const { rows } = await bot.db.execute<{ name: Job }>(sql`select distinct name from pgboss.job where started_on is not null`)
  return rows.map(({ name }) => name)
}

// An embedded database begins with nothing done.
test.skipIf(process.env.TEST_DATABASE === 'pglite')('a bot of a test finds its periodic work done', async () => {
  const from = Date.now()
  const started = await startBot()
  await started.alice.types('/quay whoami')
  const found = await begun(started)
  // A period may have ended meanwhile.
  const isSame = ({ every }: { every: number }) => Math.floor(from / every / 1_000) === Math.floor(Date.now() / every / 1_000)
  const done = periodic.filter(isSame).map(({ name }) => name)
  expect(done).toContain('clean-up')
  // The first bot of a process reads the directory for the others; and each looks once for what an older release has left.
  expect(done.filter((name) => !['directory', 'reconcile'].includes(name) && found.includes(name))).toEqual([])
})

test('one that begins all its periods begins each', async () => {
  const started = await startBot({ beginsPeriods: true })
  await expect.poll(async () => (await begun(started)).toSorted()).toEqual(periodic.map(({ name }) => name).toSorted())
})
