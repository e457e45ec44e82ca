import { afterAll, expect, test } from 'vitest'
import { isCi } from '../sized.ts'
import { startBot } from '../start-bot.ts'
import { newRepositories, seen, startRequests } from './start-requests.ts'

// The audit of real commands, read back by those who may: each line that writes it would be missed here.

type Started = Pick<Awaited<ReturnType<typeof startBot>>, 'dora' | 'bot'>

// For those who look for a line among others.
const shared = await startBot({ until: afterAll, policy: { approvals: newRepositories() } })

/** What dora reads of a command, the oldest first: `alice started`. */
async function record({ dora, bot }: Started, words: string) {
  const { superusers } = bot.policy
  bot.policy.superusers = undefined
  const reply = seen(await dora.types(`/quay audit list ${words}`))
  bot.policy.superusers = superusers
  return [
    ...reply.matchAll(
      /<@U0(\w+)>, (?:([^,]*), )?([a-z -]+), (started|finished|failed|refused|requested|approved|expired|withdrawn|called|revealed|commented)/g,
    ),
  ]
    .map(([, who, account, , phase]) => `${who} (${account ?? '–'}) ${phase}`)
    .filter((line, index, all) => all.indexOf(line) === index || index < all.length / 2)
    .toReversed()
}

async function outcomes({ dora }: Started, words: string) {
  return seen(await dora.types(`/quay audit list ${words}`))
}

test('a command that is run: who, by which account, started and finished', async () => {
  const started = await startRequests()
  await started.alice.types('/quay repo create acme/web')
  const read = await record(started, 'command="repo create"')
  expect(read.slice(0, 2)).toEqual(['ALICE (alice) started', 'ALICE (alice) finished'])
})

test('a command that Quay refuses is failed, with what was said', async () => {
  await shared.alice.types('/quay repo create acme/base')
  const read = await outcomes(shared, 'command="repo create" phase=failed')
  expect(read).toContain('ALICE')
  expect(read).toContain('acme/base already exists. Choose another name.')
})

test('refusals of members and of strangers are there', async () => {
  await shared.carl.types('/quay repo delete globex/site')
  await shared.eve.types('/quay repo create acme/web')
  await shared.frank.types('/quay repo list acme', 'acme-dev').catch(() => undefined)
  const members = await outcomes(shared, 'phase=refused account=carl')
  expect(members).toContain('globex/site')
  const all = await outcomes(shared, 'phase=refused')
  expect(all).toContain('U0EVE')
  expect(all).toContain('Guests can’t use Quaymaster. Ask a full member.')
})

test('a request: asked, refused to who may not decide, decided, started on whose authority, finished', async () => {
  const started = await startRequests()
  const asked = await started.asks(started.alice, 'globex/web')
  await started.carl.presses('Approve', asked, 'quay-approvals')
  await started.alice.presses('Approve', asked, 'quay-approvals')
  await started.dora.press('Approve', asked, 'quay-approvals')
  await started.becomes('succeeded')
  const { id } = await started.row()
  const { listAudit } = await import('../../src/security/audit-log.ts')
  const { entries } = await listAudit(started.bot, { filters: { request: id } })
  expect(entries.toReversed().map(({ person, phase }) => `${person} ${phase}`)).toEqual([
    'U0ALICE asked',
    'U0CARL refused',
    'U0ALICE refused',
    'U0DORA decided',
    'U0ALICE started',
    'U0ALICE finished',
  ])
  expect(entries.find(({ phase }) => phase === 'started')?.right).toBe('quayadmin')
  expect(entries.find(({ phase }) => phase === 'finished')?.right).toBe('on the authority of quayadmin')
  expect(entries.every(({ rule }) => rule === 'new repositories')).toBe(true)
  expect(await outcomes(started, 'phase=decided')).toContain('Approved.')
})

test('a denial with its reason, a withdrawal, and what nobody decided', async () => {
  const started = await startRequests()
  const asked = await started.asks(started.alice, 'globex/a')
  const window = await started.dora.pressesToOpen('Deny', asked, 'quay-approvals')
  await started.dora.submits(window, { reason: 'Use acme' })
  await started.card(/Denied by/)
  expect(await outcomes(started, 'phase=decided')).toContain('Denied: Use acme')
  await started.asks(started.alice, 'globex/b')
  await started.alice.press('Withdraw', await started.notice(started.alice, /Needs \d[\s\S]*globex\/b/), 'alice')
  await started.card(/Withdrawn/)
  expect(await outcomes(started, 'phase=withdrawn')).toContain('globex/b')
  await started.asks(started.alice, 'globex/c')
  await started.clock.advance(3 * 24 * 3_600_000)
  await started.card(/nobody approved or denied it in time/)
  const { listAudit } = await import('../../src/security/audit-log.ts')
  const { entries } = await listAudit(started.bot, { filters: { phase: 'expired' } })
  expect(entries.map(({ input }) => input.repository)).toEqual(['globex/c'])
})

test.runIf(isCi)('a run that fails, and one that goes back because what was approved has changed', async () => {
  const started = await startRequests({ operations: ['repo create', 'tag move'], ask: 'always' })
  await started.alice.types('/quay repo create acme/base reason=shop')
  await started.card(/Needs \d/)
  await started.decides('U0DORA')
  await started.becomes('failed')
  expect(await outcomes(started, 'phase=failed command="repo create"')).toContain('acme/base already exists. Choose another name.')
  await started.bea.types('/quay tag move acme/api prod v1.1 reason=release')
  const asked = await started.card(/Needs \d[\s\S]*tag move|tag move[\s\S]*Needs \d/)
  const tag = started.repository('acme/api')?.tags.findLast(({ name }) => name === 'v1.1')
  if (tag) tag.digest = `sha256:${'b'.repeat(64)}`
  await started.dora.press('Approve', asked, 'quay-approvals')
  await started.card(/Changed since/)
  expect(await outcomes(started, 'phase=failed command="tag move"')).toContain('Changed since: Image it will point to')
})

test('Retry that is refused stands there too', async () => {
  const reply = await shared.alice.types('/quay repo create acme/half writers=ghost')
  delete shared.repository('acme/half')?.userPermissions.alice
  await shared.alice.presses('Retry', reply)
  const read = await outcomes(shared, 'phase=refused account=alice')
  expect(read).toContain('admin')
  expect(read).toContain('acme/half')
})
