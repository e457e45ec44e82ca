import { readFileSync } from 'node:fs'
import { eq } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { audit } from '../../src/db/schema.ts'
import { neededScopes } from '../../src/slack/token-check.ts'
import { newRepositories } from '../approvals/start-requests.ts'
import { allOf } from '../commands/drawn.ts'
import { isCi, sampled } from '../sized.ts'
import { startBot } from '../start-bot.ts'

// What waiting does not mend is said as such, with who can mend it; “try again” stands only where trying can help.

const waiting = { timeout: 30_000, interval: 30 }
const again = /[Tt]ry again/

async function readiness(origin: string) {
  const response = await fetch(`${origin}/readyz`)
  return { status: response.status, body: await response.json() }
}

test('an error inside Quay is no outage: it is said once, never repeated, and where to look before it is', async () => {
  const { alice, bea, bot, quay, changes } = await startBot({ policy: { approvals: [] } })
  quay.faults({ status: 500, match: 'GET /api/v1/repository/acme/api/tag' })
  const read = allOf(await alice.types('/quay tag list acme/api'))
  expect(read).toContain('Quay reports an internal error (500). An operator must check Quay’s log.')
  expect(read).not.toMatch(again)

  quay.faults({ status: 500, match: 'POST /api/v1/repository' })
  const made = allOf(await alice.types('/quay repo create acme/web'))
  expect(made).toContain(
    'Quay reports an internal error (500). This happens when the namespace does not exist: check the spelling. Otherwise an operator must check Quay’s log.',
  )
  expect(made).toContain('It may have been done anyway. Check in Quay before you run it again.')
  expect(made).not.toMatch(again)
  expect(changes().filter((call) => call === 'POST /api/v1/repository')).toHaveLength(1)

  quay.faults({ status: 500, match: 'PUT /api/v1/repository/acme/api/permissions' })
  expect(allOf(await bea.types('/quay permission grant acme/api carl read'))).toContain(
    'It may have been done anyway. Check in Quay before you run it again.',
  )
  expect(changes().filter((call) => call.startsWith('PUT '))).toHaveLength(1)

  if (!isCi) bot.quay.limits.pauses = []
  quay.faults({ status: 504 })
  expect(allOf(await alice.types('/quay repo show acme/api'))).toMatch(/Quay is not available right now\.\s+Try again in a minute\.$/)
  quay.faults(undefined)
})

test('what was approved and met an error inside Quay is unknown, not tried for days', async () => {
  const { alice, dora, quay, bot, changes } = await startBot({ policy: { approvals: newRepositories() } })
  await alice.types('/quay repo create globex/web reason=shop')
  const card = async () => (await dora.sees('quay-approvals')).find((one) => allOf(one).includes('globex/web'))
  await expect.poll(async () => (await card()) !== undefined, waiting).toBe(true)
  quay.faults({ status: 500, match: 'POST /api/v1/repository' })
  await dora.press('Approve', (await card()) ?? { ts: '' }, 'quay-approvals')
  await expect.poll(async () => allOf((await card()) ?? { blocks: [] }), waiting).toContain('result is unknown')
  expect(changes().filter((call) => call === 'POST /api/v1/repository')).toHaveLength(1)
  expect((await bot.db.select().from(audit).where(eq(audit.phase, 'failed'))).at(-1)?.outcome?.message).toContain('internal error')
})

test('a token of Quay that is refused, or lacks its scope: readiness is red, status and start say who mends it', async () => {
  const { alice, quay, origin, clock, restart, log } = await startBot()
  const ours = quay.registry.tokens.filter(({ account }) => account === 'quaymaster')
  for (const { token } of ours) quay.revoke(token)
  await clock.advance(31_000)
  expect(await readiness(origin)).toMatchObject({ status: 503, body: { ok: false, quay: true, token: false } })
  const status = allOf(await alice.types('/quay status'))
  expect(status).toContain('Quay refuses Quaymaster’s token: it is wrong, expired or revoked. An operator must renew QUAY_TOKEN.')
  expect(status).not.toMatch(again)
  await restart()
  await expect.poll(log, waiting).toContain('Quay refuses Quaymaster’s token')
  for (const one of ours) Object.assign(one, { revoked: false, scopes: ['repo:read'] })
  await clock.advance(31_000)
  expect(await readiness(origin)).toMatchObject({ status: 503, body: { token: false } })
  expect(allOf(await alice.types('/quay status'))).toContain('with the scope super:user')
  for (const { token } of ours) expect(log()).not.toContain(token)
})

test('the token of Slack is refused, or lacks scopes of the manifest: readiness says the first in red, the second by name', async () => {
  const { alice, slack, origin, clock } = await startBot()
  const manifest = parse(readFileSync('manifest.yml', 'utf8')) as { oauth_config: { scopes: { bot: string[] } } }
  expect([...neededScopes].sort()).toEqual([...manifest.oauth_config.scopes.bot].sort())
  slack.workspace.scopes = slack.workspace.scopes.filter((scope) => scope !== 'channels:read')
  await clock.advance(61_000)
  expect(await readiness(origin)).toMatchObject({ status: 200, body: { ok: true, degraded: ['slack-scopes-missing'] } })
  expect(allOf(await alice.types('/quay status'))).toContain('The Slack app lacks the scopes channels:read.')
  slack.tokens.bot = 'xoxb-another'
  await clock.advance(61_000)
  expect(await readiness(origin)).toMatchObject({ status: 503, body: { ok: false, slack: false, database: true } })
})

test('Quay waits behind nobody’s queue to be asked how it is, and its own outage is no reason to stop', async () => {
  const { quay, origin, clock, bot } = await startBot()
  quay.faults({ latencyMs: 5_000 })
  await clock.advance(31_000)
  const began = performance.now()
  const found = await readiness(origin)
  expect(performance.now() - began).toBeLessThan(1_500) // a second, and what a busy machine adds
  expect(found.status).toBe(200)
  quay.faults({ status: 503 })
  bot.quay.answered.at = Number.NEGATIVE_INFINITY
  await clock.advance(31_000)
  expect(await readiness(origin)).toMatchObject({ status: 200, body: { ok: true, quay: false, token: true, degraded: ['quay-away'] } })
})

test('while Quay is away, what is the bot’s own still works: requests, subscriptions, help, App Home and the credential', async () => {
  const { alice, bea, grace, quay, bot, slack, clock } = await startBot({ policy: { approvals: newRepositories() }, subscribed: true })
  expect((await grace.types('/quay subscription list')).text).toContain('No Quay user has your e-mail address')
  const asked = await alice.types('/quay repo create globex/web reason=shop')
  const [, id = ''] = /[Rr]equest `(\w+)`/.exec(asked.text) ?? []
  const shown = await bea.types('/quay robot rotate acme+ci')
  await bea.presses('Regenerate', shown)
  const offer = async () => (await bea.sees('bea')).find((one) => JSON.stringify(one.blocks).includes('credential:reveal'))
  await expect.poll(async () => (await offer()) !== undefined, waiting).toBe(true)
  // It is away for good here, so nobody waits for it.
  if (!isCi) bot.quay.limits.pauses = []
  quay.faults({ status: 503 })
  await clock.advance(61_000)

  expect(allOf(await alice.types(`/quay request show ${id}`))).toContain('globex/web')
  expect(allOf(await alice.types('/quay request list'))).toContain(id)
  expect(allOf(await alice.types('/quay subscription list', 'acme-dev'))).toContain('acme/api')
  expect((await alice.types('/quay help')).text).toContain('Quaymaster works on your Quay registry')
  expect(allOf(await alice.types('/quay whoami'))).toContain('Quay is not available right now.')
  const modal = await bea.pressesToOpen('Reveal', (await offer()) ?? { ts: '' }, 'bea')
  expect(JSON.stringify(modal)).toContain(quay.registry.robots.find(({ name }) => name === 'acme+ci')?.token)
  await alice.post('home', {})
  const home = () => JSON.stringify(slack.workspace.homes)
  await expect.poll(home, waiting).toContain('globex/web')
  expect(home()).toContain('Quay is not available right now.')
  for (const command of sampled(['repo show acme/api', 'audit list', 'tag list acme/api'], 3))
    expect(allOf(await alice.types(`/quay ${command}`)), command).toMatch(/Quay is not available right now\.\s+Try again in a minute\.$/)
  expect(bot.quay.tokenAccepted.value).toBe(true)
})
