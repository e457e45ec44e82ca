import { eq } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { commands } from '../../src/command/registry.ts'
import { requests, votes } from '../../src/db/schema.ts'
import { uuidOf } from '../../src/sandbox/quay/seed-parts.ts'
import { isCi, sampled } from '../sized.ts'
import { seen, startRequests } from './start-requests.ts'

// What was approved is what runs: the card shows what a reviewer relies on, and what differs goes back (docs/SECURITY.md rule 30).

const always = { ask: 'always' as const, approvers: ['U0DORA', 'U0CARL', 'quay:namespace-admin'] as never }

async function asked(command: string, operation: string, by: 'alice' | 'bea' = 'bea') {
  const started = await startRequests({ ...always, operations: [operation] })
  expect((await started[by].types(`/quay ${command} reason=release`)).text).toContain('sent to <#')
  const card = await started.card(/Needs \d/)
  const api = started.repository('acme/api')
  if (!api) throw new Error('no acme/api')
  return { ...started, asked: card, api }
}

type Asked = Awaited<ReturnType<typeof asked>>

function digestOf({ api }: Asked, tag: string) {
  return api.tags.findLast(({ name, end }) => name === tag && end === null)?.digest
}

function point({ api }: Asked, tag: string, digest: string) {
  const found = api.tags.findLast(({ name, end }) => name === tag && end === null)
  if (found) found.digest = digest
}

test('tag move acme/api prod v1.1: v1.1 is pointed elsewhere after the card was drawn; the old Approve does not run it', async () => {
  const started = await asked('tag move acme/api prod v1.1', 'tag move')
  const { carl, card, row, changes, becomes } = started
  const before = digestOf(started, 'v1.1') ?? ''
  expect(seen(started.asked)).toContain(before.slice(0, 19))
  const other = digestOf(started, 'v1.0') ?? ''
  point(started, 'v1.1', other)

  await carl.press('Approve', started.asked, 'quay-approvals')
  await carl.finds(/^This request has changed\. Review it again, then approve or deny it\./, 'quay-approvals')
  const redrawn = await card(/Changed since: Image it will point to/)
  expect(seen(redrawn)).toContain(other.slice(0, 19))
  expect(changes()).toEqual([])
  expect((await row()).state).toBe('pending')

  await carl.press('Approve', redrawn, 'quay-approvals')
  await becomes('succeeded')
  expect(digestOf(started, 'prod')).toBe(other)
})

test('it is pointed elsewhere between the approval and the run: back to pending, with what changed, and the approval does not count', async () => {
  const started = await asked('tag move acme/api prod v1.1', 'tag move')
  const { bot, card, row, changes, becomes } = started
  const { id } = await row()
  await bot.db.insert(votes).values({
    request: id,
    account: 'carl',
    person: 'U0CARL',
    name: 'carl',
    decision: 'approved',
    entitled: true,
    at: new Date(bot.clock()),
  })
  await bot.db.update(requests).set({ state: 'approved' }).where(eq(requests.id, id))
  point(started, 'v1.1', digestOf(started, 'v1.0') ?? '')
  const { runRequest } = await import('../../src/approvals/run.ts')
  await runRequest(bot, { id })
  await becomes('pending')
  await card(/Changed since: Image it will point to[\s\S]*0 of 1 approvals/)
  expect(await bot.db.$count(votes)).toBe(0)
  expect(changes()).toEqual([])
})

test.runIf(isCi)('of two approvals that are needed the first one was for other facts: it does not count for the new ones', async () => {
  const started = await startRequests({ ...always, needed: 2, operations: ['permission grant'] })
  await started.bea.types('/quay permission grant acme/api team:developers admin reason=release')
  const first = await started.card(/:hourglass_flowing_sand: Needs 2 approvals\./)
  expect(seen(first)).toContain('Members*: 2')
  await started.decides('U0CARL')
  started.quay.registry.organizations
    .find(({ name }) => name === 'acme')
    ?.teams.find(({ name }) => name === 'developers')
    ?.members.push('hana')
  await expect(started.decides('U0DORA')).rejects.toMatchObject({ code: 'conflict' })
  const again = await started.card(/Changed since: Members/)
  expect(seen(again)).toContain('Members*: 3')
  expect(await started.bot.db.$count(votes)).toBe(0)
  await started.decides('U0DORA')
  expect((await started.row()).state).toBe('pending')
  expect(started.changes()).toEqual([])
})

test.runIf(isCi)('visibility: another repository of that name stands there now', async () => {
  const started = await asked('repo visibility acme/api public', 'repo visibility')
  started.api.statusToken = 'another-one'
  await expect(started.decides('U0CARL')).rejects.toMatchObject({ code: 'conflict' })
  await started.card(/Changed since: The repository itself/)
  expect(started.changes()).toEqual([])
})

test.runIf(isCi)('a robot account was deleted and made anew: its rotation is looked at again', async () => {
  const started = await asked('robot rotate acme+ci', 'robot rotate')
  const robot = started.quay.registry.robots.find(({ name }) => name === 'acme+ci')
  if (robot) robot.created += 60_000
  await expect(started.decides('U0CARL')).rejects.toMatchObject({ code: 'conflict' })
  await started.card(/Changed since: Created/)
  expect(started.changes()).toEqual([])
})

test.runIf(isCi)('what a build retry repeats is on the card', async () => {
  const started = await startRequests({ ...always, operations: ['build retry'] })
  const said = await started.bea.types(`/quay build retry acme/api ${uuidOf('build of api latest complete')} reason=release`)
  expect(said.text).toContain('sent to <#')
  expect(seen(await started.card(/Needs \d/))).toContain('Tags*: `latest`')
})

test('the requester lacks the permission: their own message does not tell what there is, nor what of it has changed', async () => {
  const { alice, quay, decides, notice, card } = await startRequests({ operations: ['tag move'] })
  await alice.types('/quay tag move globex/secret prod latest reason=release')
  const digest =
    quay.registry.repositories.find(({ namespace, name }) => namespace === 'globex' && name === 'secret')?.tags[0]?.digest ?? ''
  expect(seen(await card(/Needs \d/))).toContain(digest.slice(0, 19))
  expect(seen(await notice(alice, /Needs \d/))).not.toContain(digest.slice(0, 15))
  const secret = quay.registry.repositories.find(({ namespace, name }) => namespace === 'globex' && name === 'secret')
  if (secret?.tags[0]) secret.tags[0].digest = `sha256:${'a'.repeat(64)}`
  await expect(decides('U0DORA')).rejects.toMatchObject({ code: 'conflict' })
  const told = seen(await notice(alice, /Changed since/))
  expect(told).toContain('Changed since: the object of this request')
  expect(told).not.toContain('aaaaaaa')
})

test('asking shows an outsider nothing: of what is there and of what is not they read the same', async () => {
  const { alice } = await startRequests({ operations: ['tag delete', 'tag move', 'repo delete'] })
  const plainOf = ({ text }: { text: string }) => text.replaceAll(/`[^`]*`/g, '…').replaceAll(/globex\/\w+/g, '…')
  for (const command of sampled(['tag delete globex/NAME latest', 'tag move globex/NAME prod latest', 'repo delete globex/NAME'], 3)) {
    const there = await alice.types(`/quay ${command.replace('NAME', 'secret')}`)
    const missing = await alice.types(`/quay ${command.replace('NAME', 'missing')}`)
    expect(plainOf(missing)).toBe(plainOf(there))
    const askedThere = await alice.types(`/quay ${command.replace('NAME', 'secret')} reason=x`)
    const askedMissing = await alice.types(`/quay ${command.replace('NAME', 'missing')} reason=x`)
    expect(plainOf(askedMissing)).toBe(plainOf(askedThere))
  }
})

test('every changing command has an effect and says what a reviewer relies on, or why there is nothing', async () => {
  const { bot } = await startRequests()
  expect(bot.policy.approvals).toHaveLength(1)
  const own: string[] = []
  for (const [name, { changes, preview }] of commands) {
    if (!changes) continue
    if ('ownBusiness' in changes.effects) own.push(name)
    if (changes.facts === 'preview') expect(preview, name).toBeDefined()
    if (typeof changes.facts === 'object') expect(changes.facts.none.length, name).toBeGreaterThan(20)
  }
  expect(own).toEqual(['access end', 'break-glass', 'request delegate', 'request undelegate', 'request withdraw'])
})
