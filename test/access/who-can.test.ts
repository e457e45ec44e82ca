import { eq } from 'drizzle-orm'
import { afterAll, expect, test } from 'vitest'
import { directoryUsers } from '../../src/db/directory-tables.ts'
import { allOf } from '../commands/drawn.ts'
import { startBot } from '../start-bot.ts'

const started = await startBot({ until: afterAll, policy: { approvals: [] } })
const { alice, bea, dora, quay } = started

test('who can push, with why and until when; robots, teams, owners and superusers', async () => {
  await bea.types('/quay permission grant acme/api hana write for=8h')
  await bea.types('/quay permission grant acme/api ivan read')
  await bea.types('/quay permission grant acme/api ivan write for=8h')
  const said = allOf(await bea.types('/quay who can push acme/api'))
  expect(said).toMatch(/^Who can push to `acme\/api`: \d+ users and robot accounts/)
  expect(said).toMatch(/• bea – user, team owners: admin of the organization, .*<@U0BEA>/)
  expect(said).toMatch(/• alice – user, team developers: write/)
  expect(said).toMatch(/• acme\+ci – robot account, write permission/)
  expect(said).toMatch(/• hana – user, write permission, 20\d\d-/)
  expect(said).toMatch(/• quayadmin – user, superuser/)
  expect(said).toMatch(/Disabled users are omitted \(as of <!date/)
  const pull = allOf(await bea.types('/quay who can pull acme/api'))
  // What ivan has without an end is enough to pull.
  expect(pull).toMatch(/• ivan – user, .*write permission, no end/)
})

test('of an organization, and as a file', async () => {
  expect(allOf(await bea.types('/quay who can admin acme'))).toMatch(
    /^Admins of `acme`: 3 users and robot accounts[\s\S]*• bea – user, team owners: admin, <@U0BEA>/,
  )
  expect((await bea.types('/quay who can push acme')).text).toContain('For acme use one of these: admin, create, member.')
  await bea.types('/quay who can push acme/api csv=yes')
  await expect.poll(() => started.slack.workspace.files.some(({ name }) => name === 'who-can-push-acme-api.csv')).toBe(true)
})

test('only an admin is told; a disabled account can do nothing', async () => {
  expect((await alice.types('/quay who can push acme/api')).text).toBe('You need to be an *admin* of acme/api.')
  await started.bot.db.update(directoryUsers).set({ enabled: false }).where(eq(directoryUsers.name, 'hana'))
  await started.bot.db.insert(directoryUsers).values({ name: 'hana', enabled: false, pass: 1, seenAt: new Date() }).onConflictDoNothing()
  expect(allOf(await bea.types('/quay who can push acme/api'))).not.toContain('`hana`')
})

test('an admin of the repository alone learns which teams there are, and not who is in those of others', async () => {
  await bea.types('/quay permission grant acme/shop alice admin')
  const said = allOf(await alice.types('/quay who can push acme/shop'))
  expect(said).toContain('• owners – team, team owners: admin of the organization')
  expect(said).not.toContain('`bea`')
  expect(said).not.toContain('quayadmin')
})

test('it takes six calls, however many there are', async () => {
  const before = quay.exchanges.length
  await bea.types('/quay who can pull acme/api')
  const calls = quay.exchanges.slice(before).filter(({ path }) => !/users\/bea|permissions\/user\/bea|members\/bea/.test(path))
  expect(calls.length).toBeLessThanOrEqual(8)
})

test('what is temporary is listed to who has it, to admins and to superusers', async () => {
  expect(allOf(await bea.types('/quay access list acme/api'))).toMatch(/ – hana, write, acme\/api, 20\d\d-.*, active, bea\n/)
  expect((await alice.types('/quay access list acme/api')).text).toBe('You need to be an *admin* of acme/api.')
  expect((await alice.types('/quay access list')).text).toBe('No temporary access here.')
  expect((await bea.types('/quay access list all=yes')).text).toContain('superuser')
  expect(allOf(await dora.types('/quay access list all=yes'))).toMatch(/ – hana, write, /)
  expect(allOf(await bea.types('/quay access list'))).toMatch(/ – ivan, write, /)
})
