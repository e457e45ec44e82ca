import { afterAll, expect, test, vi } from 'vitest'
import { aMinute } from '../../src/core/durations.ts'
import { audit } from '../../src/db/schema.ts'
import { claim } from '../../src/surfaces/messages/claim.ts'
import type { Heard } from '../../src/surfaces/messages/heard.ts'
import type { PersonAtSlack, Seen } from '../people.ts'
import { sampled } from '../sized.ts'
import { startBot } from '../start-bot.ts'

const started = await startBot({ until: afterAll })
const { alice, bea, eve, frank, grace, slack, quay, bot, repository, changes, log } = started
const devs = 'acme-dev'
const direct = (name: string) => `D0${name.toUpperCase()}`

/** An event as Slack would send it. `user: undefined` leaves it out. */
async function sends(event: object, about: { event_id?: string } = {}) {
  const ts = `${bot.clock() / 1000}`
  const envelope = crypto.randomUUID()
  const payload = {
    ...{
      type: 'event_callback',
      team_id: 'T0QUAY',
      api_app_id: 'A0QUAY',
      event_id: `Ev${envelope}`,
      event_time: Math.floor(bot.clock() / 1000),
    },
    ...{ authorizations: [{ enterprise_id: null, team_id: 'T0QUAY', user_id: 'U0QUAYBOT', is_bot: true, is_enterprise_install: false }] },
    ...about,
    event: { type: 'message', channel_type: 'im', channel: direct('alice'), user: 'U0ALICE', ts, event_ts: ts, ...event },
  }
  await slack.frame(JSON.stringify({ type: 'events_api', envelope_id: envelope, accepts_response_payload: false, payload }), envelope)
}

/** Everything that a person is told while something happens that must not be answered; another message marks its end. */
async function toldDuring(person: PersonAtSlack, channel: string, happens: () => Promise<unknown>): Promise<string[]> {
  const before = new Set((await person.sees(channel)).map(({ ts }) => ts))
  await happens()
  const mark = await alice.says('whoami')
  expect(mark.text).toContain('alice')
  const isFromBot = ({ ts, user }: Seen) => !before.has(ts) && ts !== mark.ts && user === 'quaymaster'
  return (await person.sees(channel)).filter(isFromBot).map(({ text }) => text)
}

test('a direct message is a command, answered in the direct message', async () => {
  const told = await alice.says('tag list acme/api')
  expect(told).toMatchObject({ ephemeral: false, thread_ts: null, user: 'quaymaster' })
  expect(JSON.stringify(told)).toContain('v1.1')
  expect((await alice.says('/quay whoami'.slice(1))).text).toContain('alice')
  expect((await alice.says('hello there')).text).toContain('Unknown command /quay hello there.')
})

test('a mention is a command, answered to the person alone', async () => {
  const told = await alice.says('@quaymaster tag list acme/api', devs)
  expect(told).toMatchObject({ ephemeral: true, thread_ts: null })
  expect(JSON.stringify(await bea.sees(devs))).not.toContain(told.text)
})

test('in a thread the answer stands in the thread: of a channel to the person alone, of the direct message normally', async () => {
  const { ts: root } = await bea.writes('What is in acme/api?', devs)
  expect(await alice.says('@quaymaster tag list acme/api', devs, String(root))).toMatchObject({ ephemeral: true, thread_ts: root })
  const { ts } = await alice.says('whoami')
  expect(await alice.says('tag list acme/api', 'alice', ts)).toMatchObject({ ephemeral: false, thread_ts: ts })
})

test('a sentence about the bot is meant for others: nobody is answered, nothing is done', async () => {
  const told = await toldDuring(alice, devs, () => alice.writes('Never write @quaymaster repo create acme/by-accident', devs))
  expect(told).toEqual([])
  expect(repository('acme/by-accident')).toBeUndefined()
})

test('what changes is done with the person’s own permissions, and written to the audit log', async () => {
  expect((await alice.says('repo create acme/by-message')).text).toContain('acme/by-message')
  expect(repository('acme/by-message')?.visibility).toBe('private')
  const refused = await bea.says('@quaymaster repo create globex/by-message', devs)
  expect(refused).toMatchObject({ ephemeral: true })
  expect(repository('globex/by-message')).toBeUndefined()
  const rows = await bot.db.select().from(audit)
  expect(rows.filter(({ operation, person }) => operation === 'repo create' && person === 'U0ALICE').map(({ phase }) => phase)).toEqual([
    'started',
    'finished',
  ])
  expect(rows.some(({ operation, person, phase }) => operation === 'repo create' && person === 'U0BEA' && phase === 'refused')).toBe(true)
})

test('who has no account reads why; a guest reads that they are one; nothing comes from Quay', async () => {
  expect(JSON.stringify(await grace.says('tag list acme/api'))).toContain('identity.map')
  const before = quay.exchanges.length
  expect(await eve.says('@quaymaster tag list acme/api', 'general')).toMatchObject({
    ephemeral: true,
    text: expect.stringContaining('Guests can’t use Quaymaster. Ask a full member.'),
  })
  expect(quay.exchanges.length).toBe(before)
})

test('without a trigger a modal opens by a button; what was typed is kept, and a dry run stays one', async () => {
  const offer = await alice.says('@quaymaster repo create description="Front page"', devs)
  expect(offer.text).toContain('needs more input')
  const modal = await alice.pressesToOpen('Open it', offer, devs)
  expect(modal.fields).toMatchObject({ description: 'Front page' })
  await alice.submits(modal, { repository: 'acme/by-button' })
  await expect.poll(() => repository('acme/by-button')?.description).toBe('Front page')

  const dry = await alice.pressesToOpen('Open it', await alice.says('repo create --dry-run'), 'alice')
  const done = changes().length
  await alice.submits(dry, { repository: 'acme/by-dry-run' })
  await alice.finds(/dry run: nothing has changed|Dry run: nothing was changed/i)
  expect(changes().length).toBe(done)
  // Who may not hears it at once, not after the press.
  expect(JSON.stringify(await grace.says('repo create'))).toContain('identity.map')
})

test('an event that comes twice, on any replica, is one; so is a message that comes as a mention too', async () => {
  const created = changes().filter((one) => one === 'POST /api/v1/repository').length
  slack.faults({ duplicate: true })
  const told = await toldDuring(alice, 'alice', async () => {
    await alice.writes('repo create acme/twice')
    await alice.finds(/Created.*acme\/twice/)
    await vi.waitFor(() => expect(log().match(/ignored a message that was answered already/g)?.length).toBeGreaterThan(0))
    slack.faults({})
  })
  expect(changes().filter((one) => one === 'POST /api/v1/repository')).toHaveLength(created + 1)
  expect(told.filter((text) => /Created.*acme\/twice|exists/.test(text))).toHaveLength(1)

  const ts = `${bot.clock() / 1000}`
  const both = await toldDuring(alice, 'alice', async () => {
    const lists = async () => (await alice.sees('alice')).filter(({ text }) => text.startsWith('3 tags of')).length
    const before = await lists()
    await sends({ text: '<@U0QUAYBOT> tag list acme/api', ts })
    await expect.poll(lists).toBe(before + 1)
    await sends({ text: '<@U0QUAYBOT> tag list acme/api', ts, type: 'app_mention' })
  })
  expect(both).toHaveLength(1)

  const heard: Heard = { user: 'U0ALICE', channel: 'D1', ts: '1.1', thread: undefined, text: '', isDirect: true, event: 'Ev1', at: 0 }
  const claims = await Promise.all([...Array(20).keys()].map((index) => claim(bot, heard, { reference: `r${index}` })))
  expect(claims.filter(Boolean)).toHaveLength(1)
})

test('edits, other apps, workflows, the bot itself and people of other workspaces are not heard', async () => {
  const { ts } = await alice.writes('Something else', devs)
  const done = changes().length
  const quiet = async (person: PersonAtSlack, channel: string, happens: () => Promise<unknown>) =>
    expect(await toldDuring(person, channel, happens)).toEqual([])
  await quiet(alice, devs, () => alice.post('rewrite', { channel: devs, ts, text: '@quaymaster repo create acme/edited' }))
  await quiet(alice, 'alice', () => alice.writes('repo create acme/edited', 'alice', { by: 'app' }))
  await quiet(alice, 'alice', () => alice.writes('repo create acme/edited', 'alice', { by: 'workflow' }))
  await quiet(alice, 'alice', () => sends({ text: 'repo create acme/edited', user: undefined }))
  await quiet(alice, 'alice', () => sends({ text: 'repo create acme/edited', user: 'U0QUAYBOT' }))
  await quiet(alice, 'alice', () => sends({ text: 'repo create acme/edited', edited: { user: 'U0ALICE', ts: '1.1' } }))
  await quiet(alice, 'alice', () => sends({ text: 'repo create acme/edited', subtype: 'message_changed' }))
  await quiet(alice, 'alice', () => sends({ text: 'repo create acme/edited', channel_type: 'channel', channel: 'C0ACMEDEV' }))
  await quiet(frank, 'general', () => frank.writes('@quaymaster tag list acme/api', 'general'))
  expect(changes().length).toBe(done)
})

test('a message that comes more than five minutes late changes nothing, and says so; what only reads is answered', async () => {
  slack.faults({ hold: true })
  await alice.writes('repo create acme/late')
  await alice.writes('repo create acme/late reason="It is urgent"')
  await alice.writes('tag history acme/api')
  await alice.post('clock', { advance_ms: 6 * aMinute })
  const [done, before] = [changes().length, (await alice.sees('alice')).length]
  slack.faults({})
  const told = async () => (await alice.sees('alice')).slice(before).map(({ text }) => text)
  await expect.poll(told).toHaveLength(3)
  expect((await told()).filter((text) => text.includes('more than five minutes late, so nothing was changed'))).toHaveLength(2)
  expect((await told()).some((text) => text.includes('Tag history of'))).toBe(true)
  expect(changes().length).toBe(done)
  expect(repository('acme/late')).toBeUndefined()
  // What is shown of a change is no change.
  expect((await alice.says('repo create acme/late --dry-run')).text).toContain('would make')
})

test('a credential in a message is refused with “delete your message”, and stands nowhere', async () => {
  const texts = [
    'mirror create acme/mirror registry.example.com/app username=ci password=hunter2-correct',
    'mirror edit acme/web --password hunter2-correct',
    'notification create acme/web repo_push slack url=https://hooks.example.com/services/T0/B0/hunter2-correct',
    'can you use ghp_hunter2correcthunter2correct01234567 please',
    'docker login -u ci -p hunter2-correct quay.example.com',
  ]
  const done = changes().length
  for (const text of sampled(texts, 2)) {
    expect((await alice.says(text)).text, text).toContain('Delete your message')
    expect((await alice.says(`@quaymaster ${text}`, devs)).text, text).toContain('Delete your message')
  }
  expect(changes().length).toBe(done)
  expect(log()).not.toMatch(/hunter2/)
  expect(JSON.stringify(await bot.db.select().from(audit))).not.toMatch(/hunter2/)
  for (const text of sampled(['user reset-password alice2024', 'tag list acme/api', 'robot show acme+ci', 'logs namespace acme'], 4))
    expect((await alice.says(text)).text, text).not.toContain('Delete your message')
})

test('Quay does not answer: the person reads it where they wrote, and nothing is done', async () => {
  const done = changes().length
  quay.faults({ status: 503 })
  bot.cache.clear()
  expect((await bea.says('@quaymaster repo create acme/away', devs)).text).toContain('Quay')
  quay.faults(undefined)
  expect(changes().length).toBe(done)
})

test('Slack takes no reply after the change: it is said as happened, once, by direct message', async () => {
  slack.faults({ failing: [{ method: 'chat.postEphemeral', error: 'not_in_channel', times: 1 }] })
  await alice.writes('@quaymaster repo create acme/no-ephemeral', devs)
  await alice.finds(/Created.*no-ephemeral/)

  slack.faults({ failing: [{ method: 'chat.postMessage', error: 'ratelimited', retryAfter: 1, times: 1 }] })
  await alice.writes('repo create acme/no-message')
  await expect.poll(() => repository('acme/no-message')).toBeDefined()
  await alice.post('clock', { advance_ms: 60_000 })
  await alice.finds(/Created.*no-message/)
  slack.faults({})
  const told = (await alice.sees('alice')).filter(({ text }) => /Created.*no-(ephemeral|message)/.test(text))
  expect(told).toHaveLength(2)
})
