import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { expect, test } from 'vitest'
import { audit } from '../../src/db/schema.ts'
import { startBot } from '../start-bot.ts'

const readiness = async (origin: string) => {
  const response = await fetch(`${origin}/readyz`)
  return { status: response.status, body: await response.json() }
}

/** As it stands on the wire: fetch would mend the address first. */
async function statusOf(origin: string, path: string) {
  const asked = request(origin, { path }).end()
  const [response] = (await once(asked, 'response')) as [IncomingMessage] // what http gives
  response.resume()
  return response.statusCode
}

test('our token is revoked: readiness turns red, people hear who can mend it, the log an error; and all is well when it is back', async () => {
  const { alice, quay, origin, clock, log } = await startBot()
  expect(await readiness(origin)).toEqual({ status: 200, body: { ok: true, slack: true, database: true, quay: true, token: true } })
  expect(await (await fetch(`${origin}/healthz`)).json()).toEqual({ ok: true, mode: 'sandbox' })
  await alice.types('/quay repo create globex/web reason="For the shop"')
  const metrics = await (await fetch(`${origin}/metrics`)).text()
  for (const line of [
    'quaymaster_ready{part="slack"} 1',
    'quaymaster_operations_total{operation="repo create",outcome="done"} 1',
    'quaymaster_requests{state="pending"} 1',
    'quaymaster_requests{state="unknown"} 0',
    'quaymaster_events_waiting 0',
  ])
    expect(metrics).toContain(`${line}\n`)
  expect(metrics).toMatch(/quaymaster_audit_unsealed \d/)
  expect(metrics).toMatch(/quaymaster_quay_call_seconds_count\{method="GET",template="\/superuser\/users\/",status="200"\} \d/)
  // What is no address at all is nobody's end.
  expect(await statusOf(origin, '//')).toBe(404)
  expect(await statusOf(origin, 'http://[')).toBe(404)
  const ours = quay.registry.tokens.filter(({ account }) => account === 'quaymaster')
  for (const { token } of ours) quay.revoke(token)
  await clock.advance(31_000)

  const reply = await alice.types('/quay repo show acme/api')
  expect(reply.text).toBe('Quay refuses Quaymaster’s token: it is wrong, expired or revoked. An operator must renew QUAY_TOKEN.')
  expect(await readiness(origin)).toMatchObject({ status: 503, body: { ok: false, quay: true, token: false } })
  const lines = log()
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as { level: number; msg: string })
  expect(lines.filter(({ level }) => level >= 50)).not.toEqual([])
  for (const { token } of ours) expect(log()).not.toContain(token)

  for (const one of ours) one.revoked = false
  await clock.advance(31_000)
  expect(await readiness(origin)).toMatchObject({ status: 200, body: { token: true } })
  expect((await alice.types('/quay repo show acme/api')).text).toContain('Repository')
})

test('Quay is away: readiness names it and stays ready, and help is still there', async () => {
  const { alice, quay, origin, clock } = await startBot()
  await alice.types('/quay help')
  quay.faults({ status: 502 })
  await clock.advance(31_000)
  expect(await readiness(origin)).toMatchObject({
    status: 200,
    body: { ok: true, slack: true, database: true, quay: false, degraded: ['quay-away'] },
  })
  expect((await alice.types('/quay help')).text).toContain('Quaymaster works on your Quay registry')
  quay.faults(undefined)
})

test('Slack says 429 to messages: what a person has open is not held up, and what is said to them still arrives', async () => {
  const { alice, slack } = await startBot({ policy: { approvals: [] } })
  slack.faults({ rateLimit: { method: 'chat.postMessage', retryAfter: 60 } })
  const list = await alice.types('/quay repo show acme/api', 'acme-dev')
  expect((await alice.presses('Share in channel', list, 'acme-dev')).text).toBe('Slack is rate-limiting messages.')
  const modal = await alice.opens('/quay repo create')
  expect(modal.fields).toHaveProperty('repository')
  await alice.submits(modal, { repository: 'acme/web' })
  expect(JSON.stringify((await alice.looksAt(modal)).blocks)).toContain('Created')

  slack.faults({ rateLimit: { method: 'views.open', retryAfter: 60 } })
  const late = await alice.types('/quay repo create', 'acme-dev')
  expect(late.text).toContain('Slack is rate-limiting messages. Your input is kept.')
  slack.faults(undefined)
  expect((await alice.pressesToOpen('Open it', late, 'acme-dev')).fields).toHaveProperty('repository')
})

test('a graceful stop finishes what runs: the repository is made, and alice is told', async () => {
  let stop = async () => {}
  const { alice, slack, quay, bot, repository } = await startBot({
    policy: { approvals: [] },
    until: (end) => {
      stop = end
    },
  })
  quay.faults({ latencyMs: 1_000, match: 'POST /api/v1/repository' })
  await alice.sends('/quay repo create acme/web')
  await expect
    .poll(async () => (await bot.db.select().from(audit)).some(({ phase }) => phase === 'started'), { timeout: 20_000 })
    .toBe(true)

  await stop()

  expect(repository('acme/web')).toBeDefined()
  expect(slack.workspace.messages.some(({ text, only_for }) => only_for === 'U0ALICE' && text.includes('Created'))).toBe(true)
})
