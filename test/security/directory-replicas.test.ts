import { afterAll, expect, test } from 'vitest'
import { directoryLists } from '../../src/db/schema.ts'
import { refreshDirectory } from '../../src/security/directory/pass.ts'
import { postgresOfRun } from '../db/own-database.ts'
import { untilDirectoryRead } from '../directory.ts'
import { isCi } from '../sized.ts'
import { startBot } from '../start-bot.ts'

const postgres = await postgresOfRun()
afterAll(() => postgres.stop())

test.runIf(isCi)(
  'two replicas on one PostgreSQL read every list once between them, and both link by it',
  async () => {
    const where = { database: { databaseUrl: await postgres.database() }, environment: { SECRETS_KEY: 'x'.repeat(43) } }
    // Each has a simulated registry of its own, with the same accounts in it.
    const [one, other] = [await startBot(where), await startBot(where)]
    const both = [one, other]
    await Promise.all(both.map(({ bot }) => untilDirectoryRead(bot)))
    for (const { quay } of both) quay.exchanges.length = 0
    const before = await one.bot.db.select().from(directoryLists)
    await one.bot.db.update(directoryLists).set({ dueAt: new Date(0) })
    await Promise.all(both.map(({ bot }) => refreshDirectory(bot)))

    const after = await one.bot.db.select().from(directoryLists)
    expect(after.map(({ list, pass }) => [list, pass]).toSorted()).toEqual(before.map(({ list, pass }) => [list, pass + 1]).toSorted())
    const paths = both.flatMap(({ quay }) => quay.exchanges.map(({ path }) => path))
    expect(paths.filter((path) => path.startsWith('/api/v1/superuser/users/?'))).toHaveLength(1)
    expect(paths.filter((path) => path.endsWith('/members'))).toHaveLength(one.quay.registry.organizations.length)
    for (const { alice } of both) expect((await alice.types('/quay whoami')).text).toBe('You are `alice` in Quay.')
  },
  60_000,
)
