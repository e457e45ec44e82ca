import { eq } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { followers, requests } from '../../src/db/schema.ts'
import type { PersonAtSlack } from '../people.ts'
import { isCi } from '../sized.ts'
import { seen, startRequests } from './start-requests.ts'

// Two people who ask for the same are shown to each other; whoever may not know of the object is not (docs/SECURITY.md rule 22).

const direct = async (person: PersonAtSlack) => (await person.sees(person.name)).filter(({ ephemeral }) => !ephemeral)

async function startSame() {
  const started = await startRequests()
  await started.asks(started.alice, 'globex/web')
  return started
}

test('bea asks for the same, sees alice’s request and follows it: alice sees bea, one card, and both hear the end', async () => {
  const { alice, bea, dora, card, notice, decides, becomes, bot } = await startSame()
  const offered = await bea.types('/quay repo create globex/web reason="also us"', 'acme-dev')
  expect(offered.text).toMatch(/^\*alice\* already requested `\/quay repo create globex\/web` .*: request `\w+`, needs approval\./)
  const said = await bea.presses('Follow this request', offered, 'acme-dev')
  expect(said.text).toContain('You’ll get a direct message when it ends.')
  await card(/Followed by \*bea\*/)
  await notice(alice, /Followed by \*bea\*/)
  expect(await bot.db.$count(requests)).toBe(1)
  const [{ id } = { id: '' }] = await bot.db.select({ id: requests.id }).from(requests)
  expect(seen(await bea.types(`/quay request show ${id}`, 'acme-dev'))).toContain(id)
  await decides('U0DORA')
  await becomes('succeeded')
  await notice(bea, /^Approved by \*dora\*: `\/quay repo create globex\/web`.*Requested by \*alice\*; you followed it\./)
  expect((await direct(bea)).length).toBe(1)
  expect((await dora.sees('quay-approvals')).length).toBe(1)
})

test('bea requests it anyway, with the reason that was typed: both cards name the other', async () => {
  const { alice, bea, card, notice, bot } = await startSame()
  const offered = await bea.types('/quay repo create globex/web reason="also us"', 'acme-dev')
  const window = await bea.pressesToOpen('Request anyway', offered, 'acme-dev')
  expect(JSON.stringify(window.blocks)).toContain('also us')
  await bea.submits(window, { reason: 'also us' })
  const hers = await card(/\*bea\* requests approval/)
  expect(seen(hers)).toMatch(/Also requested by \*alice\*/)
  await notice(alice, /Also requested by \*bea\*/)
  expect(await bot.db.$count(requests)).toBe(2)
})

test.runIf(isCi)('alice withdraws: bea, who followed, is told', async () => {
  const { alice, bea, notice } = await startSame()
  const offered = await bea.types('/quay repo create globex/web reason="also us"', 'acme-dev')
  await bea.presses('Follow this request', offered, 'acme-dev')
  const own = await notice(alice, /Needs \d/)
  await alice.press('Withdraw', own, 'alice')
  await notice(bea, /^Withdrawn by \*alice\*/)
})

test('whoever may not know of a private repository is not told of the request; approvers see both', async () => {
  const change = { operations: ['repo delete'] as [string], approvers: ['U0DORA', 'U0BEA'] as never }
  const { alice, grace, bot, card } = await startRequests(change)
  // hana owns globex and has nothing in acme.
  bot.policy.identity.map.U0GRACE = 'hana'
  await alice.types('/quay repo delete acme/secret reason=old')
  await card(/\*alice\* requests approval/)
  const said = await grace.types('/quay repo delete acme/secret reason=old', 'acme-dev')
  expect(said.text).toMatch(/^Request `\w+` sent/)
  expect(seen(said)).not.toContain('alice')
  expect(seen(await card(/\*grace\* requests approval/))).toContain('Also requested by *alice*')
  const [{ id } = { id: '' }] = await bot.db.select({ id: requests.id }).from(requests).where(eq(requests.requester, 'U0GRACE'))
  expect(seen(await grace.types(`/quay request show ${id}`, 'acme-dev'))).not.toContain('alice')
  expect(await bot.db.$count(followers)).toBe(0)
})

test('a press of Follow after the end says so', async () => {
  const { bea, decides, becomes, bot } = await startSame()
  const offered = await bea.types('/quay repo create globex/web reason="also us"', 'acme-dev')
  await decides('U0DORA', 'denied')
  await becomes('denied')
  const said = await bea.presses('Follow this request', offered, 'acme-dev')
  expect(said.text).toContain('This request has ended.')
  expect(await bot.db.$count(followers)).toBe(0)
})
