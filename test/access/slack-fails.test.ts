import { afterAll, expect, test } from 'vitest'
import { policyOf } from '../../src/core/policy.ts'
import type { PersonAtSlack } from '../people.ts'
import { sampled } from '../sized.ts'
import { startBot } from '../start-bot.ts'
import { hoursLater } from './hours.ts'

// Slack fails after the change: what is given is given, ends when it was said, and everybody is told once, late if need be.

const approvers = ['quay:namespace-admin']
const started = await startBot({
  until: afterAll,
  policy: policyOf({
    identity: { map: { U0ALICE: 'alice' } },
    approvals: [{ name: 'grants', commands: ['permission grant'], channel: 'C0APPROVALS', approvers }],
    'break-glass': [{ people: ['U0ALICE'], permissions: ['write'], namespaces: ['acme'], channel: 'C0APPROVALS', approvers: ['U0BEA'] }],
  }),
})
const { alice, bea, carl, slack, repository } = started
const roles = (name: string) => repository(name)?.userPermissions
const patience = { timeout: 40_000, interval: 50 }

/** The messages that somebody sees, waited for until there are some. */
async function told(person: PersonAtSlack, pattern: RegExp, channel = person.name) {
  const all = async () => (await person.sees(channel)).filter(({ text, ephemeral }) => !ephemeral && pattern.test(text))
  await expect.poll(async () => (await all()).length, patience).toBeGreaterThan(0)
  return all()
}

test.for(sampled(['internal_error', 'lost', 'ratelimited'], 3, 2))(
  '%s at the start and at the end: in force, over in time, told once',
  async (error) => {
    const name = { internal_error: 'acme/api', lost: 'acme/shop', ratelimited: 'acme/base' }[error] ?? ''
    const failing = [{ method: 'chat.postMessage', error, times: 2, ...(error === 'ratelimited' && { retryAfter: 1 }) }]
    slack.faults({ failing })
    expect((await bea.types(`/quay permission grant ${name} carl write for=1h`)).text).toMatch(/Granted \*write\* on|granted/)
    expect(roles(name)?.carl).toBe('write')
    const begun = new RegExp(`Temporary until .*: carl has \\*write\\* on ${name}\\.`)
    expect(await told(carl, begun)).toHaveLength(1)
    slack.faults({ failing })
    await hoursLater(started, 1.1)
    expect(roles(name)).not.toHaveProperty('carl')
    expect(await told(carl, new RegExp(`Temporary access ended: carl .* ${name}`))).toHaveLength(1)
    expect(await told(bea, new RegExp(`Temporary access ended: carl .* ${name}`))).toHaveLength(1)
    slack.faults(undefined)
  },
)

test('break-glass while Slack does not take its announcement: nothing is given; once Slack does, it is loud before it is given', async () => {
  slack.faults({ failing: [{ method: 'chat.postMessage', error: 'internal_error' }] })
  const taken = () => alice.types('/quay break-glass acme/shop write reason="The shop is down"')
  expect((await taken()).text).toContain('No access was granted, because this could not be announced')
  expect(roles('acme/shop')).not.toHaveProperty('alice')
  slack.faults(undefined)
  expect((await taken()).text).toContain('You now have *write*')
  expect(roles('acme/shop')?.alice).toBe('write')
  expect(await told(bea, /\*Break-glass\*: <@U0ALICE> takes \*write\*/, 'quay-approvals')).toHaveLength(1)
  await hoursLater(started, 4.1)
  expect(roles('acme/shop')).not.toHaveProperty('alice')
})

test('a request that is approved while Slack fails: given once, and its card and its asker say so', async () => {
  await alice.types('/quay permission grant acme/api alice admin for=2h reason="tonight"')
  const card = await bea.finds(/permission grant acme\/api alice admin/, 'quay-approvals')
  slack.faults({ failing: ['chat.update', 'chat.postMessage'].map((method) => ({ method, error: 'internal_error', times: 2 })) })
  await bea.press('Approve', card, 'quay-approvals')
  await expect.poll(() => roles('acme/api')?.alice, patience).toBe('admin')
  expect(await told(alice, /Temporary until .*: alice has \*admin\* on acme\/api/)).toHaveLength(1)
  expect(await told(alice, /^Approved by \*bea\*/)).toHaveLength(1)
  await expect
    .poll(async () => (await bea.sees('quay-approvals')).find(({ ts }) => ts === card.ts)?.text, patience)
    .toMatch(/Approved by .* and done/)
  slack.faults(undefined)
})
