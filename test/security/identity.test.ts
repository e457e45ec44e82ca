import { afterAll, beforeEach, expect, test } from 'vitest'
import { links } from '../../src/db/schema.ts'
import { discover } from '../../src/quay/facts.ts'
import { passOverDirectory } from '../directory.ts'
import { startBot } from '../start-bot.ts'

const started = await startBot({ until: afterAll, policy: { approvals: [] } })
const { alice, bea, carl, dora, eve, frank, grace, slack, quay, bot, clock } = started

const account = (name: string) => {
  const found = quay.registry.users.find((user) => user.name === name)
  if (!found) throw new TypeError(`there is no account ${name}`)
  return found
}

const [token] = structuredClone(quay.registry.tokens)
if (!token) throw new TypeError('the bot has no token')

beforeEach(async () => {
  slack.reset()
  quay.reset()
  bot.slack.people.clear()
  bot.cache.clear()
  await bot.db.delete(links)
  // The token went with the registry's old state.
  quay.registry.tokens.push(structuredClone(token))
  Object.assign(bot.policy.identity, { email: true })
  await discover(bot.quay)
  await passOverDirectory(bot)
})

const linked = () => bot.db.select({ slackId: links.slackId, account: links.account }).from(links)
const whoami = async (somebody: typeof alice) => (await somebody.types('/quay whoami')).text

test('alice is no superuser: she is refused, and told who could help', async () => {
  const reply = await alice.types('/quay user list')
  expect(reply.text).toBe('You need to be a *superuser* of Quay.')
  expect(JSON.stringify(reply.blocks)).toContain('<@U0DORA>')
  expect(reply.ephemeral).toBe(true)
})

test('eve is a guest: she is refused before Quay is asked anything', async () => {
  const before = quay.exchanges.length
  expect((await eve.types('/quay repo show acme/api')).text).toContain('Guests can’t use Quaymaster. Ask a full member.')
  expect(quay.exchanges).toHaveLength(before)
})

test('frank is of another workspace: Slack offers him no command, and a button that he presses refuses him', async () => {
  expect(await frank.sends('/quay repo show acme/api')).toMatchObject({ ok: false })
  const { ts } = await slack.say({ user: 'U0BEA', channel: 'C0GENERAL', text: 'Look' })
  const message = slack.workspace.messages.find((one) => one.ts === ts)
  // As a list shared before people of another workspace came into the channel.
  const button = { type: 'button', action_id: 'page:turn', text: { type: 'plain_text', text: 'Older' }, value: 'somelist 1' }
  Object.assign(message ?? {}, { blocks: [{ type: 'actions', block_id: 'turn', elements: [button] }] })
  const before = quay.exchanges.length
  expect((await frank.presses('Older', { ts })).text).toMatch(/People from other workspaces/)
  expect(quay.exchanges).toHaveLength(before)
})

test('grace has no account: she is told how to get one linked', async () => {
  const reply = await grace.types('/quay repo show acme/api')
  expect(reply.text).toContain('No Quay user has your e-mail address grace@example.com')
  expect(reply.text).toContain('identity.map')
})

test('an address that Slack does not call confirmed links nobody', async () => {
  await alice.post('user', { is_email_confirmed: false })
  expect(await whoami(alice)).toContain(
    'Slack does not report your e-mail address as confirmed. Confirm it in Slack, or ask an operator to add',
  )
  const user = slack.workspace.users.find(({ id }) => id === 'U0BEA')
  delete user?.is_email_confirmed
  expect(await whoami(bea)).toContain(
    'Slack does not report your e-mail address as confirmed. Confirm it in Slack, or ask an operator to add',
  )
  expect(await linked()).toEqual([])
})

test('capital letters in an address make no difference; dots, plus signs and look-alikes do', async () => {
  account('alice').email = 'Alice@Example.COM'
  expect(await whoami(alice)).toBe('You are `alice` in Quay.')
  account('bea').email = 'b.ea@example.com'
  expect(await whoami(bea)).toContain('No Quay user has your e-mail address')
  account('carl').email = 'cаrl@example.com' // a Cyrillic а
  await carl.post('user', { email: 'cаrl@example.com' })
  expect(await whoami(carl)).toContain('No Quay user has your e-mail address')
})

test('two accounts with one address link nobody, also when they differ in capital letters alone', async () => {
  account('ivan').email = 'ALICE@example.com'
  await passOverDirectory(bot)
  expect(await whoami(alice)).toContain('Several Quay users have the e-mail address')
  expect(await linked()).toEqual([])
})

test('a superuser is never linked by e-mail, nor is who may read everything', async () => {
  account('bea').superuser = true
  expect(await whoami(bea)).toContain('The Quay user with the e-mail address')
  account('carl').globalReader = true
  expect(await whoami(carl)).toContain('The Quay user with the e-mail address')
})

test('who became a superuser after the link has to be named in the policy', async () => {
  expect(await whoami(bea)).toBe('You are `bea` in Quay.')
  account('bea').superuser = true
  bot.cache.clear()
  expect(await whoami(bea)).toContain(
    'Your e-mail address no longer belongs to your previous Quay user. Ask an operator to confirm the change: add',
  )
})

test('a disabled account is linked to nobody', async () => {
  account('alice').enabled = false
  expect(await whoami(alice)).toContain('No Quay user has your e-mail address')
})

test('a registry that sends no mails proves no address, unless the operator says so or a directory gives them', async () => {
  quay.registry.features.MAILING = false
  await discover(bot.quay)
  expect(await whoami(alice)).toContain(
    'This registry does not verify e-mail addresses, so yours can’t identify your Quay user. Ask an operator to add',
  )
  Object.assign(bot.policy.identity, { email: 'unverified' })
  expect(await whoami(alice)).toBe('You are `alice` in Quay.')
  Object.assign(bot.policy.identity, { email: true })
  quay.registry.authenticationType = 'LDAP'
  await discover(bot.quay)
  expect(await whoami(bea)).toBe('You are `bea` in Quay.')
})

test('with e-mail switched off only the policy links', async () => {
  Object.assign(bot.policy.identity, { email: false })
  expect(await whoami(alice)).toContain('An operator must add your Quay user to the policy, under identity.map:')
  expect(await whoami(dora)).toBe('You are `quayadmin` in Quay, a superuser.')
})

test('the first link stays: an address that leads elsewhere later, on either side, lets nobody in', async () => {
  expect(await whoami(alice)).toBe('You are `alice` in Quay.')
  await alice.post('user', { email: 'bea@example.com' })
  bot.cache.clear()
  expect(await whoami(alice)).toContain(
    'Your e-mail address no longer belongs to your previous Quay user. Ask an operator to confirm the change: add',
  )

  await alice.post('user', { email: 'alice@example.com' })
  account('alice').email = 'other@example.com'
  account('ivan').email = 'alice@example.com'
  bot.cache.clear()
  expect(await whoami(alice)).toContain(
    'Your e-mail address no longer belongs to your previous Quay user. Ask an operator to confirm the change: add',
  )
  expect(await linked()).toEqual([{ slackId: 'U0ALICE', account: 'alice' }])
})

test('a new password goes to whose account it is now: not to whom it was linked before the address went to somebody else', async () => {
  const offers = async (somebody: typeof alice) =>
    (await somebody.sees(somebody.name)).filter(({ text }) => text.includes('New password of user alice')).length
  await whoami(alice)
  account('alice').email = 'successor@example.com'
  await dora.presses('Reset password', await dora.types('/quay user reset-password alice'))
  await expect.poll(async () => [await offers(alice), await offers(dora)]).toEqual([0, 1])
  account('alice').email = 'alice@example.com'
  await dora.presses('Reset password', await dora.types('/quay user reset-password alice'))
  await expect.poll(async () => [await offers(alice), await offers(dora)]).toEqual([1, 1])
})

test('superuser operations need the policy’s list too: people and user groups, asked anew within a minute', async () => {
  const list = bot.policy.superusers
  bot.policy.superusers = ['S0PLATFORM']
  expect((await dora.types('/quay user list')).text).toMatch(/^Users of the registry: /)
  await slack.groupChanged('S0PLATFORM', ['U0BEA'])
  const refused = await dora.types('/quay user list')
  expect(refused.text).toContain('The policy defines who can run superuser commands from Slack, and you are not included.')
  bot.policy.superusers = ['U0DORA']
  expect((await dora.types('/quay user list')).text).toMatch(/^Users of the registry: /)
  bot.policy.superusers = list
})

test('a right that was taken away still reads for half a minute, and changes nothing from the same moment on', async () => {
  expect((await alice.types('/quay repo create acme/first')).text).toContain('Created')
  expect((await alice.types('/quay robot list acme')).text).toContain('Robot accounts of')
  for (const team of quay.registry.organizations.find(({ name }) => name === 'acme')?.teams ?? [])
    team.members = team.members.filter((name) => name !== 'alice')

  expect((await alice.types('/quay robot list acme')).text).toContain('Robot accounts of')
  expect((await alice.types('/quay repo create acme/second')).text).toBe('You need the *creator* role in acme.')
  bot.cache.clear()
  expect((await alice.types('/quay robot list acme')).text).toBe('You need to be a *member* of acme.')
  expect(clock.now()).toBeGreaterThan(0)
})

test('an account that is disabled loses everything, whoever it belonged to', async () => {
  expect((await alice.types('/quay robot list acme')).text).toContain('Robot accounts of')
  account('alice').enabled = false
  expect((await alice.types('/quay repo create acme/web')).text).toBe('Your Quay user alice is disabled.')
  await clock.advance(31_000)
  expect((await alice.types('/quay robot list acme')).text).toBe('Your Quay user alice is disabled.')
})

test('in a registry that gives superusers no full access, dora’s superuser rights end at other people’s namespaces', async () => {
  quay.registry.superusersFullAccess = false
  await discover(bot.quay)
  expect(JSON.stringify((await dora.types('/quay status')).blocks)).toContain('FEATURE_SUPERUSERS_FULL_ACCESS is off')
  expect((await dora.types('/quay user list')).text).toMatch(/^Users of the registry: /)
  const refused = await dora.types('/quay repo delete acme/api')
  expect(refused.text).toBe(
    'Quaymaster can’t see who has which role in acme: FEATURE_SUPERUSERS_FULL_ACCESS is off in this registry. If QUAY_TOKEN has the scopes org:admin, repo:admin and repo:create, an admin of acme can add quaymaster to a team with the role admin.',
  )
  const owners = quay.registry.organizations.find(({ name }) => name === 'acme')?.teams.find(({ name }) => name === 'owners')
  owners?.members.push('quaymaster')
  const stranger = await dora.types('/quay robot list acme')
  expect(stranger.text).toBe('You need to be a *member* of acme.')
  // Who is in an organization is told to its people only (docs/SECURITY.md rule 22).
  expect(JSON.stringify(stranger.blocks)).not.toMatch(/U0BEA|U0CARL/)
  expect((await bea.types('/quay robot list acme')).text).toContain('Robot accounts of')
})

test('what the registry lacks is left out of help, and typing it says so', async () => {
  quay.registry.features.AUTO_PRUNE = false
  await discover(bot.quay)
  expect(JSON.stringify((await bea.types('/quay help')).blocks)).not.toContain('prune')
  expect((await bea.types('/quay prune show acme/api')).text).toBe('This registry does not offer /quay prune show.')
})
