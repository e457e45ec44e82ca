import { eq } from 'drizzle-orm'
import { afterAll, expect, test } from 'vitest'
import { posts, requests, secrets } from '../../src/db/schema.ts'
import { newRepositories, seen, startRequests } from '../approvals/start-requests.ts'
import { isCi, sampled } from '../sized.ts'
import { startBot } from '../start-bot.ts'

type Started = Awaited<ReturnType<typeof startBot>>

// For what changes nothing that another test looks at.
const shared = await startBot({ until: afterAll })

/** The shared bot, as if nothing had been said and asked yet. */
function anew() {
  shared.slack.faults(undefined)
  shared.slack.workspace.messages.splice(0)
  shared.bot.slack.people.clear()
  return shared
}

const patience = { timeout: 20_000, interval: 30 }

function withoutHistory({ slack }: Pick<Started, 'slack'>) {
  slack.workspace.scopes = slack.workspace.scopes.filter((scope) => !scope.endsWith(':history'))
}

const inChannel = ({ slack }: Pick<Started, 'slack'>, channel: string, pattern: RegExp) =>
  slack.workspace.messages.filter((one) => one.channel === channel && !one.only_for && pattern.test(JSON.stringify(one)))

test('the answer to an approval card is lost: there is one card, and it is decided', async () => {
  const started = await startRequests()
  started.slack.faults({ failing: [{ method: 'chat.postMessage', error: 'lost' }] })
  await started.alice.types('/quay repo create globex/web reason=shop')
  await started.card(/Needs \d/)
  started.slack.faults(undefined)
  await expect.poll(async () => (await started.row()).cardTs, patience).not.toBe(null)
  await started.decides('U0DORA')
  await started.card(/and done/)
  expect(inChannel(started, 'C0APPROVALS', /globex\/web/)).toHaveLength(1)
  const told = () => inChannel(started, 'D0ALICE', /globex\/web/).map(({ text }) => text)
  await expect
    .poll(told, patience)
    .toEqual([
      expect.stringMatching(/requests approval for .* Approved by \*dora\* and done\.$/),
      expect.stringMatching(/^Approved by \*dora\*: /),
    ])
})

test('where the bot may not look for its own card, a second one says that it supersedes', async () => {
  const started = await startRequests()
  withoutHistory(started)
  started.slack.faults({ failing: [{ method: 'chat.postMessage', channel: 'C0APPROVALS', error: 'lost', times: 1 }] })
  await started.alice.types('/quay repo create globex/web reason=shop')
  await expect.poll(async () => (await started.row()).drawAt !== null, patience).toBe(true)
  await started.clock.advance(60_000)
  await expect.poll(async () => (await started.row()).cardTs, patience).not.toBe(null)
  const cards = inChannel(started, 'C0APPROVALS', /globex\/web/)
  expect(cards).toHaveLength(2)
  expect(JSON.stringify(cards[1])).toContain('Slack did not confirm an earlier copy of this message. If you see both, this one is current.')
})

test('a credential’s message is posted once, also when its answer is lost; and its button stands in the reply and in App Home', async () => {
  const started = await startBot({ policy: { approvals: [] } })
  const { bea, slack, bot } = started
  await slack.home('U0BEA')
  slack.faults({ failing: [{ method: 'chat.postMessage', error: 'lost' }] })
  const reply = await bea.types('/quay robot create acme+lost')
  expect(seen(reply)).toContain('credential:reveal')
  await expect.poll(async () => (await bot.db.select().from(posts)).map(({ state }) => state), patience).toEqual(['posted'])
  expect(inChannel(started, 'D0BEA', /is ready/)).toHaveLength(1)
  await expect.poll(() => JSON.stringify(slack.workspace.homes), patience).toContain('Token of robot account acme+lost')
  slack.faults(undefined)
  const token = started.quay.registry.robots.find(({ name }) => name === 'acme+lost')?.token
  expect(JSON.stringify(await bea.pressesToOpen('Reveal', reply))).toContain(token)
})

test('where nobody can look, a credential’s message is not repeated: the reply and App Home have the button', async () => {
  const started = await startBot({ policy: { approvals: [] } })
  const { bea, slack, bot, clock } = started
  withoutHistory(started)
  slack.faults({ failing: [{ method: 'chat.postMessage', error: 'cut', times: 1 }] })
  const reply = await bea.types('/quay robot create acme+lost')
  await expect.poll(async () => (await bot.db.select().from(posts)).map(({ state }) => state), patience).toEqual(['unsure'])
  await clock.advance(3_600_000)
  expect(inChannel(started, 'D0BEA', /is ready/)).toHaveLength(0)
  expect(JSON.stringify(await bea.pressesToOpen('Reveal', reply))).toContain('podman login')
})

test('a credential’s message waits until Slack takes it, whoever restarts meanwhile', async () => {
  const started = await startBot({ policy: { approvals: [] } })
  const { bea, slack, bot, clock } = started
  slack.faults({ failing: [{ method: 'chat.postMessage', error: 'ratelimited', retryAfter: 30 }] })
  const reply = await bea.types('/quay robot create acme+late')
  expect(reply.text).toContain('Created robot account `acme+late`. Its token is in your direct messages.')
  const row = async () => (await bot.db.select().from(posts))[0]
  await expect.poll(async () => (await row())?.attempts, patience).toBeGreaterThan(0)
  slack.faults(undefined)
  await clock.advance(31_000)
  await bea.finds(/Token of robot account acme\+late is ready/)
  expect(inChannel(started, 'D0BEA', /is ready/)).toHaveLength(1)
})

test('Slack takes no reply for a minute: what came of the command is sent as soon as it does', async () => {
  const started = await startBot({ policy: { approvals: [] } })
  const { slack, bot, clock, alice } = started
  const closed = ['response_url', 'chat.postEphemeral', 'chat.postMessage']
  slack.faults({ failing: closed.map((method) => ({ method, error: 'ratelimited', retryAfter: 30 })) })
  await alice.sends('/quay repo create acme/quiet', 'acme-dev')
  await expect.poll(() => bot.db.$count(posts), patience).toBe(1)
  // The row is there before the last way is tried, and whichever is open then would be taken.
  await expect.poll(async () => (await bot.db.select().from(posts))[0]?.attempts, patience).toBeGreaterThan(0)
  slack.faults(undefined)
  await clock.advance(61_000)
  expect((await alice.finds(/acme\/quiet/)).text).toMatch(/^Created/)
  expect(started.changes().filter((call) => call === 'POST /api/v1/repository')).toHaveLength(1)
})

test.each(sampled(['two presses', 'a lost answer'], 2, 1))('a reply is shared once: %s', async (how) => {
  const started = anew()
  const { alice, slack } = started
  const reply = await alice.types('/quay repo show acme/api', 'acme-dev')
  if (how === 'a lost answer') slack.faults({ failing: [{ method: 'chat.postMessage', error: 'lost' }] })
  await Promise.all([alice.press('Share in channel', reply, 'acme-dev'), alice.press('Share in channel', reply, 'acme-dev')])
  await expect.poll(() => inChannel(started, 'C0ACMEDEV', /Shared by/).length, patience).toBe(1)
  slack.faults(undefined)
  // What was said stands in place of the reply, so that nobody can press a third time.
  await expect.poll(async () => (await alice.sees('acme-dev')).find(({ ts }) => ts === reply.ts)?.text, patience).toMatch(/Shared|shared/)
  expect(await alice.press('Share in channel', reply, 'acme-dev')).toMatchObject({ ok: false })
  expect(inChannel(started, 'C0ACMEDEV', /Shared by/)).toHaveLength(1)
})

test.runIf(isCi)('nobody can look whether it was shared: it says so, and posts nothing a second time', async () => {
  const started = await startBot()
  const { carl, slack } = started
  withoutHistory(started)
  const reply = await carl.types('/quay repo show acme/api', 'acme-dev')
  slack.faults({ failing: [{ method: 'chat.postMessage', error: 'lost', times: 1 }] })
  await carl.press('Share in channel', reply, 'acme-dev')
  await carl.finds(/did not confirm that this was shared/, 'acme-dev')
  await carl.press('Share in channel', reply, 'acme-dev')
  await expect.poll(() => started.slack.workspace.messages.filter(({ text }) => /did not confirm/.test(text)).length, patience).toBe(2)
  expect(inChannel(started, 'C0ACMEDEV', /Shared by/)).toHaveLength(1)
})

test.each(
  sampled(
    [
      ['is_archived', /This channel is archived\. Someone who manages it can unarchive it\./],
      ['not_in_channel', /Invite it with `?\/invite @quaymaster/],
      ['missing_scope', /The Slack app lacks the scope chat:write\. A workspace admin must add it and reinstall the app\./],
      [
        'token_revoked',
        /Slack no longer accepts Quaymaster’s token \(token_revoked\)\. An operator must reinstall the app and set SLACK_BOT_TOKEN\./,
      ],
      ['restricted_action', /Quaymaster is not allowed to post in this channel\. Someone who manages the channel can allow it\./],
    ],
    2,
  ),
)('what Slack will never take says who can mend it, and nothing of trying again: %s', async (error, said) => {
  const { alice, slack } = anew()
  const reply = await alice.types('/quay repo show acme/api', 'acme-dev')
  slack.faults({ failing: [{ method: 'chat.postMessage', error, channel: 'C0ACMEDEV' }] })
  const told = seen(await alice.presses('Share in channel', reply, 'acme-dev'))
  expect(told).toMatch(said)
  expect(told).not.toMatch(/[Tt]ry again|reference/)
})

test('a channel that Slack does not know is not called shared', async () => {
  const { alice, slack } = anew()
  const reply = await alice.types('/quay repo show acme/api', 'acme-dev')
  slack.faults({ failing: [{ method: 'conversations.info', error: 'channel_not_found' }] })
  const told = seen(await alice.presses('Share in channel', reply, 'acme-dev'))
  expect(told).toContain('Slack has no such channel, or Quaymaster can’t see it. If it is private, invite Quaymaster with')
  expect(told).not.toContain('other workspaces')
})

test.runIf(isCi)('an app that was installed with fewer scopes names the one that it lacks', async () => {
  const { bea, slack } = await startBot()
  slack.workspace.scopes = slack.workspace.scopes.filter((scope) => !/^(channels|groups):read$/.test(scope))
  const told = seen(await bea.types('/quay subscribe acme/shop', 'acme-dev'))
  expect(told).toMatch(/lacks the scope .*channels:read/)
  expect(told).not.toMatch(/[Tt]ry again/)
})

test('a person whom Slack does not know is no bug', async () => {
  const { alice, slack, log } = anew()
  slack.faults({ failing: [{ method: 'users.info', error: 'user_not_found' }] })
  const told = seen(await alice.types('/quay repo show acme/api', 'acme-dev'))
  expect(told).toContain('This person no longer exists in Slack')
  expect(log()).not.toContain('unexpected error')
})

test.each(
  sampled(
    [
      ['expired_trigger_id', /Slack took too long to open the dialog\./],
      ['ratelimited', /Slack is rate-limiting messages\./],
      ['500', /Slack is having problems\./],
    ],
    2,
  ),
)('only a trigger that expired is called slow (%s), and what was typed opens the modal when it is pressed', async (error, said) => {
  const { alice, slack } = anew()
  slack.faults({ failing: [{ method: 'views.open', error, times: 1 }] })
  const reply = await alice.types('/quay repo create visibility=public', 'acme-dev')
  expect(reply.text).toMatch(said)
  if (error !== 'expired_trigger_id') expect(reply.text).not.toContain('too long')
  const modal = await alice.pressesToOpen('Open it', reply, 'acme-dev')
  expect(modal.fields).toMatchObject({ visibility: 'public' })
})

test('the answer to the opening of a modal is lost: it gets its fields all the same', async () => {
  const { alice, slack } = anew()
  slack.faults({ failing: [{ method: 'views.open', error: 'lost', times: 1 }] })
  expect(Object.keys((await alice.opens('/quay repo create')).fields)).toContain('repository')
})

test('what comes of a modal is said where its command was typed, by that command’s response URL, and the modal says so', async () => {
  const { alice, slack } = anew()
  const modal = await alice.opens('/quay repo create', 'random')
  await alice.submits(modal, { repository: 'acme/origin' })
  expect(JSON.stringify((await alice.looksAt(modal)).blocks)).toContain('<#C0RANDOM>')
  expect((await alice.sees('random')).map(({ text }) => text)).toEqual([expect.stringContaining('acme/origin')])
  expect(slack.workspace.messages.filter(({ channel }) => channel === 'D0ALICE')).toEqual([])
})

test.runIf(isCi)('half an hour later that URL is used up: it comes by direct message, and the modal says that', async () => {
  const { alice, clock } = await startBot()
  const modal = await alice.opens('/quay repo create', 'random')
  await clock.advance(31 * 60_000)
  await alice.submits(modal, { repository: 'acme/slow' })
  expect(JSON.stringify((await alice.looksAt(modal)).blocks)).toContain('direct message')
  await alice.finds(/Created .*acme\/slow/)
})

test('Reveal needs no Quay: the credential is ours', async () => {
  const { bea, quay, bot } = await startBot({ policy: { approvals: [] } })
  const reply = await bea.types('/quay robot create acme+away')
  quay.faults({ status: 503 })
  bot.cache.clear()
  const modal = await bea.pressesToOpen('Reveal', reply)
  expect(JSON.stringify(modal)).toContain(quay.registry.robots.find(({ name }) => name === 'acme+away')?.token)
  await bea.pressesIn('credential:done', modal)
  expect(await bot.db.$count(secrets)).toBe(0)
})

test('a credential that Slack never showed does not count as seen', async () => {
  const { bea, slack, bot, clock } = await startBot({ policy: { approvals: [] } })
  bot.slack.pauses = [1, 1]
  const reply = await bea.types('/quay robot create acme+unseen')
  slack.faults({ failing: [{ method: 'views.update', error: '500' }] })
  const told = await bea.presses('Reveal', reply)
  expect(told.text).toContain('Slack did not confirm that it shows the dialog. Press Reveal again.')
  const [row] = await bot.db.select().from(secrets)
  expect(row?.openedAt).toBe(null)
  slack.faults(undefined)
  await clock.advance(11 * 60_000)
  expect(JSON.stringify(await bea.pressesToOpen('Reveal', reply))).toContain('podman login')
  await expect.poll(async () => (await bot.db.select().from(secrets))[0]?.openedAt, patience).not.toBe(null)
})

test('a credential that came with a request goes when the request ends', async () => {
  const started = await startRequests({ operations: ['mirror create'] })
  const { carl, bot, row, decides } = started
  const opened = await carl.opens('/quay mirror create reason="It is needed"', 'acme-dev')
  const modal = await carl.pressesIn('modal:more', opened)
  await carl.submits(modal, {
    ...{ repository: 'globex/mirrored', external_reference: 'quay.io/minio/mc', robot: 'globex+ci' },
    ...{ username: 'globex', password: 'Canary-ended-3b' },
  })
  await expect.poll(() => bot.db.$count(requests), patience).toBe(1)
  expect((await row()).sealed).not.toBe(null)
  await decides('U0DORA', 'denied')
  expect(await bot.db.select({ sealed: requests.sealed }).from(requests).where(eq(requests.state, 'denied'))).toEqual([{ sealed: null }])
})

test('an approved password reset goes to whose account it is, and to nobody else', async () => {
  const rules = newRepositories({ name: 'resets', operations: ['user reset-password'], ask: 'always', approvers: ['U0BEA'] })
  const started = await startBot({
    policy: { approvals: rules, superusers: ['U0DORA', 'U0BEA'], identity: { map: { U0DORA: 'quayadmin', U0BEA: 'bea' }, email: true } },
  })
  const { alice, bea, dora, quay, bot } = started
  const second = quay.registry.users.find(({ name }) => name === 'bea')
  if (second) second.superuser = true
  await alice.types('/quay whoami')
  expect((await dora.types('/quay user reset-password alice reason=lost')).text).toMatch(/^Request `\w+` sent to/)
  const card = await bea.finds(/reset-password/, 'quay-approvals')
  await bea.press('Approve', card, 'quay-approvals')
  const offer = await alice.finds(/New password of user alice is ready/)
  const modal = await alice.pressesToOpen('Reveal', offer, 'alice')
  expect(JSON.stringify(modal)).toContain(quay.registry.users.find(({ name }) => name === 'alice')?.password)
  expect(JSON.stringify([await dora.sees('dora'), await bea.sees('bea')])).not.toContain('credential:reveal')
  expect((await bot.db.select().from(secrets)).map(({ person }) => person)).toEqual(['U0ALICE'])
})
