import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { changeOf } from '../src/approvals/facts.ts'
import { events, requests } from '../src/db/schema.ts'
import type { Fields } from '../src/sandbox/slack/json.ts'
import { startInQuay } from './notifications/builds.ts'
import type { Seen } from './people.ts'
import { sampled, sized } from './sized.ts'
import { startFromRelease } from './start-release.ts'

// What release 0.1.0 (1f8a43a) left: its database, its messages with their buttons, its open windows. One bot for all tests, each of
// which has requests and messages of its own.

const waiting = { timeout: 30_000, interval: 30 }

let old: Awaited<ReturnType<typeof startFromRelease>>
/** The messages as that release left them, in the same order. */
let left: { ts: string; channel: string; user: string; text: string; actions: { action_id: string; value: string }[] }[]

beforeAll(async () => {
  old = await startFromRelease(afterAll)
  // Nobody of another workspace reads along, so that replies can be shared.
  for (const channel of old.slack.workspace.channels) channel.is_ext_shared = false
  left = old.slack.workspace.messages.map(({ ts, channel, only_for, text, blocks }) => ({
    ts,
    channel,
    user: only_for ?? old.slack.workspace.channels.find(({ id }) => id === channel)?.user ?? 'U0DORA',
    text,
    actions: buttonsIn(blocks ?? []),
  }))
})

function buttonsIn(blocks: Fields[]) {
  const all = blocks.flatMap(({ elements, accessory }) => [elements ?? [], accessory ?? []].flat())
  return all.flatMap((one) => (isButton(one) ? [{ action_id: one.action_id, value: one.value ?? '' }] : []))
}

function isButton(one: unknown): one is { action_id: string; value?: string } {
  return typeof one === 'object' && one !== null && 'action_id' in one
}

function idOf(name: string) {
  const id = old.ids[name]
  if (!id) throw new Error(`Request ${name} not found.`)
  return id
}

async function row(name: string) {
  const [found] = await old.bot.db
    .select()
    .from(requests)
    .where(eq(requests.id, idOf(name)))
  if (!found) throw new Error(`The request ${name} is gone.`)
  return found
}

const becomes = (name: string, state: string) => expect.poll(async () => (await row(name)).state, waiting).toBe(state)

async function cardOf(name: string) {
  const { cardTs } = await row(name)
  const found = (await old.dora.sees('quay-approvals')).find(({ ts }) => ts === cardTs)
  if (!found) throw new Error(`There is no card of ${name}.`)
  return found
}

const shows = (name: string, text: string) => expect.poll(async () => seen(await cardOf(name)), waiting).toContain(text)

function seen({ text, blocks }: Pick<Seen, 'text' | 'blocks'>) {
  return `${text}\n${JSON.stringify(blocks)}`
}

/** The message as it is now that begins so, and has such a button. */
function messageWith(text: string | RegExp, action: string) {
  const found = left.find((one) => one.text.search(text) >= 0 && one.actions.some(({ action_id }) => action_id.startsWith(action)))
  if (!found) throw new Error(`Nothing says ${text}.`)
  return found
}

test('the audit verifies, and goes on from there', async () => {
  expect((await old.dora.types('/quay audit verify')).text).toMatch(/^Audit log intact: \d+ entries verified/)
})

test('what was running when the old process was killed comes to its end, once', async () => {
  await becomes('running', 'succeeded')
  expect(old.changes().filter((call) => call === 'POST /api/v1/repository').length).toBeLessThanOrEqual(2)
  expect(old.quay.registry.repositories.filter(({ name }) => name === 'running')).toHaveLength(1)
  await shows('running', 'Approved by *dora* and done')
})

test('an old card is drawn anew, whatever its preview lacks', async () => {
  const drawn = sampled(['user delete', 'preview', 'half'], 3)
  for (const name of drawn) {
    await old.bot.db
      .update(requests)
      .set({ version: sql`${requests.version} + 1` })
      .where(eq(requests.id, idOf(name)))
  }
  await old.clock.advance(1)
  for (const name of drawn) await expect.poll(async () => (await row(name)).drawn - (await row(name)).version, waiting).toBe(0)
  await shows('user delete', 'Permanently delete `ivan`')
})

test('a preview that the old release did not have is looked at first; other facts that it did not read are no change', async () => {
  const request = await row('pending mirror')
  expect(request.facts).toBeNull()
  expect(changeOf(request, { seen: null, facts: { mark: null } })).toBeUndefined()
  expect(changeOf(request, { seen: { gone: ['v1'] }, facts: { mark: null } })).toMatchObject({
    shows: 'more',
    note: { message: expect.stringContaining('shows more of this request') },
  })
})

test('Retry under an approved plan goes on with the step that failed', async () => {
  await old.dora.press('Retry', await cardOf('steps'), 'quay-approvals')
  await expect.poll(() => old.repository('globex/steps')?.userPermissions, waiting).toMatchObject({ hana: 'write' })
  await old.dora.press('Retry', await cardOf('mirror'), 'quay-approvals')
  await expect.poll(() => old.repository('labs/mirror')?.mirror?.externalReference, waiting).toBe('quay.io/minio/mc')
  for (const name of ['steps', 'mirror']) {
    await becomes(name, 'succeeded')
    await expect.poll(async () => (await row(name)).steps?.map(({ state }) => state), waiting).not.toContain('failed')
  }
})

test('Retry under a reply: what the old release kept is enough, or it says what to do', async () => {
  const halfWay = messageWith('half-way', 'reply:retry')
  expect(seen(await old.alice.presses('Retry', halfWay))).not.toContain(':x:')
  expect(old.repository('acme/half-way')?.userPermissions).toMatchObject({ ivan: 'write', alice: 'admin' })
  const mirror = messageWith('new-mirror', 'reply:retry')
  expect(seen(await old.alice.presses('Retry', mirror))).not.toContain('Quay stored this, which differs from what was requested.')
  expect(old.repository('acme/new-mirror')?.mirror).toBeDefined()
  const lost = messageWith('acme/base.* is to mirror', 'reply:retry')
  expect((await old.bea.presses('Retry', lost)).text).toBe(
    'This step comes from an earlier release of Quaymaster, which did not store enough to continue. Run /quay mirror create again.',
  )
  expect(old.repository('acme/base')?.mirror).toBeUndefined()
})

const approved: [name: string, happened: () => unknown][] = [
  ['pending', () => old.repository('globex/pending')],
  ['pending mirror', () => old.repository('labs/mirrored')?.mirror],
  ['description', () => old.repository('globex/site')?.description === 'Better'],
  ['pending robot', () => old.quay.registry.robots.some(({ name }) => name === 'acme+pending')],
  ['team add', () => old.quay.registry.organizations[0]?.teams.find(({ name }) => name === 'frontend')?.members.includes('alice')],
  ['user delete', () => !old.quay.registry.users.some(({ name }) => name === 'ivan')],
]

test.each(sampled(approved, 6))('%s: its old Approve runs it', async (name, happened) => {
  await old.dora.press('Approve', await cardOf(name), 'quay-approvals')
  await becomes(name, 'succeeded')
  expect(happened()).toBeTruthy()
  await shows(name, 'Approved by *dora* and done')
  expect((await row(name)).note).toBeNull()
})

test('a vote that was given before counts, and the second one runs it', async () => {
  await old.bea.press('Approve', await cardOf('half'), 'quay-approvals')
  await becomes('half', 'succeeded')
  expect(old.repository('acme/legacy')).toBeUndefined()
})

test.each(sampled(['preview', 'robot delete'], 2))(
  '%s: both votes come after the update, for a preview that knew fewer fields',
  async (name) => {
    await old.dora.press('Approve', await cardOf(name), 'quay-approvals')
    await shows(name, 'Approved by *dora*')
    expect(await row(name)).toMatchObject({ note: null, facts: { facts: expect.anything() } })
    await old.bea.press('Approve', await cardOf(name), 'quay-approvals')
    await becomes(name, 'succeeded')
  },
)

test('what did change since is said, and nothing is decided', async () => {
  old.quay.registry.pushTag('acme/shop', 'v2.3')
  await old.dora.press('Approve', await cardOf('changed'), 'quay-approvals')
  await old.dora.finds(/This request has changed\. Review it again, then approve or deny it\./, 'quay-approvals')
  await shows('changed', 'Changed since: ')
  await old.dora.press('Approve', await cardOf('changed'), 'quay-approvals')
  await shows('changed', 'Approved by *dora*')
})

test('Deny in a window that was open, and Withdraw', async () => {
  const [window] = await old.dora.windows()
  if (!window) throw new Error('no window is open')
  expect(await old.dora.submits(window, { reason: 'Use acme' })).toMatchObject({ ok: true })
  await becomes('to deny', 'denied')
  const { noticeTs } = await row('to withdraw')
  await old.alice.press('Withdraw', { ts: noticeTs ?? '' }, 'alice')
  await becomes('to withdraw', 'withdrawn')
})

test('a modal that was open is submitted', async () => {
  const [window] = await old.bea.windows()
  if (!window) throw new Error('no window is open')
  expect(await old.bea.submits(window, { repository: 'acme/typed-before' })).toMatchObject({ ok: true })
  await expect.poll(() => old.repository('acme/typed-before') !== undefined, waiting).toBe(true)
})

test('of what nobody knew the end of, a person says what happened', async () => {
  await old.dora.press('It happened', await cardOf('unknown'), 'quay-approvals')
  await becomes('unknown', 'succeeded')
})

test('a credential that was sealed is revealed', async () => {
  const { noticeTs } = await row('robot')
  const robot = await old.carl.pressesToOpen('Reveal', { ts: noticeTs ?? '' }, 'carl')
  const token = old.quay.registry.robots.find(({ name }) => name === 'acme+approved')?.token
  expect(JSON.stringify(robot.blocks)).toContain(token)
  const user = await old.dora.pressesToOpen('Reveal', messageWith('xaver', 'credential:reveal'), 'dora')
  expect(JSON.stringify(user.blocks)).toContain('podman login')
})

test('Older and Newer turn the old pages, and others run the list themselves', async () => {
  const [turned, first] = left.filter(
    ({ text, actions }) => /Usage logs of the registry/.test(text) && actions[0]?.action_id === 'page:turn',
  )
  expect(seen(await old.dora.presses('Newer', turned ?? { ts: '' }))).toContain('Older')
  expect(seen(await old.dora.presses('Older', first ?? { ts: '' }))).toContain('Newer')
  const shared = left.find(({ text, user, actions }) => /20 tags/.test(text) && user === 'U0DORA' && actions.length > 0)
  const refusal = await old.bea.presses('Older', shared ?? { ts: '' }, 'acme-dev')
  expect(refusal.text).toContain('Run it yourself.')
  expect((await old.bea.presses('Run it yourself', refusal, 'acme-dev')).text).toContain('tags of')
})

test('a preview that knew fewer fields runs when it is pressed', async () => {
  const rotated = await old.dora.presses('Rotate', messageWith('new token', 'preview:confirm'))
  expect(rotated.text).toContain('Regenerated the token of')
})

test('Run it, Open it, Filter, Request', async () => {
  expect((await old.bea.presses('Run it', messageWith('Did you mean `repo list`', 'reply:run'))).text).toContain('Repositories in')
  for (const [person, text, label] of [
    [old.bea, 'Did you mean `repo create`', 'Open it'],
    [old.bea, 'Usage logs of \\*acme/api', 'Filter'],
    [old.alice, 'creator', 'Request'],
  ] as const) {
    const window = await person.pressesToOpen(label, messageWith(text, ''))
    expect(window.blocks.length).toBeGreaterThan(0)
    await person.post('close', { view_id: window.id })
  }
})

test('Logs and Retry of a build card, and the card is drawn on', async () => {
  const broke = messageWith('broke', 'build:logs')
  await old.bea.press('Logs', broke, 'acme-dev')
  await old.bea.finds(/^Build log of/, 'acme-dev')
  const known = new Set((await old.bea.sees('acme-dev')).map(({ ts }) => ts))
  await old.bea.press('Retry', broke, 'acme-dev')
  // Cards of other builds are drawn meanwhile.
  const come = async () => (await old.bea.sees('acme-dev')).filter(({ ts }) => !known.has(ts)).map(({ text }) => text)
  await expect.poll(come, waiting).toContainEqual(expect.stringContaining('build queued'))
})

test('a webhook that the old release registered is still heard', async () => {
  const heard = () => old.bot.db.$count(events, eq(events.source, 'webhook'))
  const before = await heard()
  await startInQuay({ quay: old.quay, origin: old.origin })
  await old.bea.post('clock', { advance_ms: 60_000 })
  await expect.poll(heard, waiting).toBeGreaterThan(before)
})

test('App Home: what it showed can be pressed, and it is drawn anew', async () => {
  const home = old.slack.workspace.homes.find(({ user }) => user === 'U0ALICE')
  const buttons = buttonsIn(home?.blocks ?? [])
  for (const action of ['home:open', 'home:request', 'build:logs']) {
    const button = buttons.find(({ action_id }) => action_id.startsWith(action))
    expect(await old.alice.post('action', { view_id: home?.id, ...button }), action).toMatchObject({ ok: true })
  }
  expect(await old.alice.post('home', {})).toMatchObject({ ok: true })
})

test('every other button that was left does what it says, or says why not: none meets a bug', async () => {
  let pressed = 0
  for (const { ts, channel, user, actions } of sampled(left, 4)) {
    for (const { action_id, value } of actions) {
      const { ok } = await old.dora.post('press', { user, channel, ts, action_id, value })
      // It is gone from what was pressed before.
      if (ok) pressed += 1
    }
    old.slack.workspace.views = []
  }
  expect(pressed).toBeGreaterThan(sized(3, 10, 10))
  const counted = async () => (await old.bot.metrics.commands.get()).values
  await expect.poll(async () => (await counted()).reduce((sum, { value }) => sum + value, 0), waiting).toBeGreaterThanOrEqual(pressed)
  expect((await counted()).filter(({ labels }) => labels.outcome === 'bug')).toEqual([])
  // Quay's events of a bot that has just been stopped meet a closed database.
  const lines = old
    .log()
    .split('\n')
    .filter((line) => !line.includes('PGlite is closed'))
  expect(lines.join('\n')).not.toMatch(/"level":"?(50|60|error|fatal)/)
  // Replies to the last buttons may still come.
  const intact = async () => (await old.dora.sees('general')).filter(({ text }) => text.startsWith('Audit log intact')).length
  const before = await intact()
  await old.dora.sends('/quay audit verify')
  await expect.poll(intact, waiting).toBe(before + 1)
})
