import { expect, test } from 'vitest'
import { startRequests } from '../approvals/start-requests.ts'
import { startBuild } from '../notifications/builds.ts'
import type { PersonAtSlack } from '../people.ts'
import { startBot } from '../start-bot.ts'

// What a phone shows of a message is its text alone: who, what, on which object. Read by eye whenever this snapshot changes.

const waiting = { timeout: 40_000, interval: 50 }
const hour = 3_600_000

type Started = Awaited<ReturnType<typeof startBot>>

/** The texts of all messages that were posted since, in alphabetical order, without what differs from run to run. */
function textsOf({ slack }: Pick<Started, 'slack'>) {
  const posted = slack.traffic
    .filter(({ name }) => name === 'chat.postMessage')
    .map(({ request }) => (request as { text?: string }).text ?? '')
  return [...new Set(posted.map(plain))].sort()
}

function plain(text: string) {
  return text
    .replaceAll(/<!date\^[^>]*>/g, '‹moment›')
    .replaceAll(/<https?:[^|>]*\|([^>]*)>/g, '‹link $1›')
    .replaceAll(/\b[0-9a-f]{8}\b/g, '‹build›')
    .replaceAll(/\b\d+ (seconds?|minutes?|s)\b/g, '‹time›')
}

const finds = async (person: PersonAtSlack, pattern: RegExp, channel = person.name) => person.finds(pattern, channel)

test('requests', async () => {
  const started = await startRequests({ delegation: true, escalate: { after: '2d', to: ['S0PLATFORM'] }, expires: '4d' })
  const { alice, bea, carl, dora, quay, clock, asks, decides, notice, card, thread, becomes } = started
  const decidedOne = async (repository: string, decision: 'approved' | 'denied') => {
    await started.bot.db.execute('truncate requests cascade' as never)
    await asks(alice, repository)
    await decides('U0DORA', decision)
  }
  await dora.types('/quay request delegate to=@carl for=10h')
  await asks(alice, 'globex/web')
  const offered = await bea.types('/quay repo create globex/web reason="also us"', 'acme-dev')
  await bea.presses('Follow this request', offered, 'acme-dev')
  await dora.types('/quay request undelegate')
  await finds(carl, /The delegation from dora/)
  const window = await dora.pressesToOpen('Comment', await card(/Needs \d/), 'quay-approvals')
  await dora.submits(window, { reason: 'Who owns it?' })
  const asked = await notice(alice, /^dora commented/)
  await alice.submits(await alice.pressesToOpen('Answer', asked, 'alice'), { reason: 'The shop' })
  await notice(dora, /^alice answered/)
  await clock.advance(4 * hour)
  await expect.poll(async () => (await thread()).length, waiting).toBe(1)
  await clock.advance(44 * hour)
  await expect.poll(async () => (await thread()).length, waiting).toBeGreaterThanOrEqual(2)
  await clock.advance(48 * hour)
  await becomes('expired')
  await notice(bea, /^Expired/)
  await decidedOne('globex/denied', 'denied')
  await notice(alice, /^Denied by/)
  await decidedOne('globex/done', 'approved')
  await notice(alice, /^Approved by .*globex\/done/)
  quay.faults({ status: 400, match: 'POST /api/v1/repository', times: 1 })
  await decidedOne('globex/failed', 'approved')
  await notice(alice, /but it failed/)
  await expect.poll(async () => (await thread()).some((text) => /Failed:/.test(text)), waiting).toBe(true)
  expect(textsOf(started)).toMatchSnapshot()
})

test('channels, builds and what ends by itself', async () => {
  const started = await startBot()
  const { bea, grace, quay, origin, repository, clock } = started
  await bea.types('/quay subscribe acme/api events=builds,pushes', 'acme-dev')
  await expect
    .poll(async () => (await bea.everything('acme-dev')).some(({ text }) => /subscribed this channel/.test(text)), waiting)
    .toBe(true)
  const build = await startBuild({ bea, quay, origin, archive: 'https://downloads.example.com/broken.tgz' })
  const own = repository('acme/api')?.builds.find(({ uuid }) => uuid === build.id)
  if (!own) throw new Error('Quay has no such build')
  Object.assign(own, { phase: 'error', phaseSince: clock.now() + hour })
  await bea.post('clock', { advance_ms: 60_000 })
  await build.settles(/failed/)
  await expect.poll(async () => (await build.thread()).length, waiting).toBeGreaterThan(0)
  await bea.types('/quay robot create acme+phone', 'acme-dev')
  await finds(bea, /acme\+phone/)
  await bea.types('/quay permission grant acme/shop hana read for=2h', 'acme-dev')
  await finds(bea, /Temporary until/)
  await clock.advance(1.9 * hour)
  await finds(bea, /ends at/)
  await clock.advance(hour)
  await finds(bea, /Temporary access ended|no longer has|is over/)
  const unlinked = await grace.types('/quay repo list acme')
  await grace.presses('Request linking', unlinked)
  await finds(bea, /requests to be linked/, 'quay-approvals').catch(() => undefined)
  expect(textsOf(started)).toMatchSnapshot()
})
