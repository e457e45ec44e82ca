import { expect, test } from 'vitest'
import { policyOf } from '../../src/core/policy.ts'
import { hoursLater } from '../access/hours.ts'
import { startRequests } from '../approvals/start-requests.ts'
import { startBuild } from '../notifications/builds.ts'
import { passNow } from '../notifications/hooks.ts'
import type { PersonAtSlack } from '../people.ts'
import { isCi } from '../sized.ts'
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
    .replaceAll(/\b[\d,.]+ (KB|MB|GB)\b/g, '‹size›')
}

const finds = async (person: PersonAtSlack, pattern: RegExp, channel = person.name) => person.finds(pattern, channel)

test.runIf(isCi)('requests', async () => {
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

test('a subscribed channel', async () => {
  const started = await startBot({ policy: { approvals: [] } })
  const { bea, dora, quay, origin, repository, clock, bot } = started
  const channel = 'acme-dev'
  const failing = async (archive: string) => {
    const build = await startBuild({ bea, quay, origin, archive })
    const own = repository('acme/api')?.builds.find(({ uuid }) => uuid === build.id)
    if (!own) throw new Error('Quay has no such build')
    return { build, own }
  }
  await bea.types('/quay subscribe acme/api events=builds,pushes,vulnerabilities severity=high', channel)
  await dora.types('/quay quota set acme 100GB warn=80 reject=90')
  await bea.presses('Subscribe', await bea.types('/quay subscribe acme/* events=quota', channel), channel)
  const { build, own } = await failing('https://downloads.example.com/broken.tgz')
  Object.assign(own, { phase: 'error', phaseSince: clock.now() + hour })
  await bea.post('clock', { advance_ms: 60_000 })
  await build.settles(/failed/)
  await expect.poll(async () => (await build.thread()).length, waiting).toBe(1)
  quay.registry.pushTag('acme/api', 'latest', 'acme+ci')
  await bea.finds(/` pushed\./, channel)
  quay.registry.pushTag('acme/api', 'vulnerable-1', 'acme+ci')
  await bea.post('clock', { advance_ms: 10_000 })
  await bea.finds(/critical vulnerability/, channel)
  const acme = quay.registry.organizations.find(({ name }) => name === 'acme')
  const used = quay.registry.repositories.filter(({ namespace }) => namespace === 'acme').flatMap(({ manifests }) => manifests)
  const bytes = used.reduce((sum, { size }) => sum + size, 0)
  if (acme?.quotas[0]) acme.quotas[0].limitBytes = Math.round(bytes / 0.85)
  await bea.post('clock', { advance_ms: 1_000 })
  await bea.post('clock', { advance_ms: 1_000 })
  await bea.finds(/of the storage quota used/, channel)
  quay.registry.repositories = quay.registry.repositories.filter(({ namespace, name }) => `${namespace}/${name}` !== 'acme/api')
  await passNow(bot)
  await bea.finds(/The subscription to acme\/api has ended/)
  await bea.finds(/The subscription to acme\/api has ended/, channel)
  expect(textsOf(started)).toMatchSnapshot()
})

test.runIf(isCi)('access for a while, and in an emergency', async () => {
  const approvers = ['quay:namespace-admin']
  const started = await startBot({
    policy: policyOf({
      identity: { map: { U0ALICE: 'alice' } },
      temporary: { required: [{ permissions: ['admin'], namespaces: ['acme'], longest: '12h' }], longest: '2d' },
      approvals: [{ name: 'grants', commands: ['permission grant'], channel: 'C0APPROVALS', approvers }],
      'break-glass': [{ people: ['U0ALICE'], permissions: ['write'], namespaces: ['acme'], channel: 'C0APPROVALS', approvers: ['U0BEA'] }],
    }),
  })
  const { alice, bea } = started
  await alice.types('/quay permission grant acme/api alice admin for=8h reason="tonight"')
  await bea.press('Approve', await bea.finds(/permission grant/, 'quay-approvals'), 'quay-approvals')
  await alice.finds(/Temporary until .*: alice has \*admin\* on acme\/api/)
  await hoursLater(started, 7.9)
  await alice.finds(/permission of alice on acme\/api ends at/)
  await bea.finds(/permission of alice on acme\/api ends at/)
  await hoursLater(started, 0.2)
  await alice.finds(/Temporary access ended/)
  await alice.types('/quay break-glass acme/shop write reason="The shop is down"')
  await bea.finds(/Break-glass/, 'quay-approvals')
  // What is sent is said as it is when it is sent.
  await alice.finds(/Temporary until .*: alice has \*write\* on acme\/shop/)
  await hoursLater(started, 1.1)
  await alice.finds(/Temporary access ended: .* acme\/shop/)
  await bea.finds(/Needs review/, 'quay-approvals')
  await hoursLater(started, 4.2)
  await bea.finds(/Still needs review/, 'quay-approvals')
  expect(textsOf(started)).toMatchSnapshot()
})
