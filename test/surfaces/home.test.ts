import { afterAll, expect, test } from 'vitest'
import { homes } from '../../src/db/schema.ts'
import { startRequests } from '../approvals/start-requests.ts'
import type { PersonAtSlack, Window } from '../people.ts'
import { startBot } from '../start-bot.ts'

const shared = await startBot({ until: afterAll })
const waiting = { timeout: 20_000, interval: 60 }

async function homeOf(person: PersonAtSlack) {
  return (await person.get<{ view: Window | null }>(`home?user=${person.name}`)).view
}

/** Opens App Home, or looks at it again, until it says what it should. */
async function homeSays(person: PersonAtSlack, pattern: RegExp | string) {
  await expect.poll(async () => JSON.stringify((await homeOf(person))?.blocks ?? []), waiting).toMatch(pattern)
  return JSON.stringify((await homeOf(person))?.blocks)
}

async function opens(person: PersonAtSlack, pattern: RegExp | string) {
  expect(await person.post('home', {})).toMatchObject({ ok: true })
  return homeSays(person, pattern)
}

async function pressesAtHome(person: PersonAtSlack, wanted: object) {
  const view = await homeOf(person)
  expect(await person.post('action', { view_id: view?.id, ...wanted })).toMatchObject({ ok: true })
}

test('what waits for dora, and what alice asked for, follow each decision; a window shows the request to both', async () => {
  const { alice, dora, carl, asks, slack, card } = await startRequests()
  expect(await opens(dora, 'No requests need your approval.')).toContain('No builds started from Slack this week.')
  await opens(alice, 'No requests this week.')
  await opens(carl, 'No requests need your approval.')

  const asked = await asks(alice, 'globex/web')
  const forDora = await homeSays(dora, '/quay repo create globex/web')
  expect(forDora).toContain(`archives/C0APPROVALS/p${asked.ts.replace('.', '')}|Open the card>`)
  await homeSays(alice, 'needs approval')
  expect(JSON.stringify((await homeOf(carl))?.blocks)).not.toContain('globex')

  await pressesAtHome(dora, { label: 'Show' })
  await expect.poll(async () => JSON.stringify((await dora.windows())[0]?.blocks ?? []), waiting).toContain('globex/web')

  await dora.press('Approve', asked, 'quay-approvals')
  await card(/and done/)
  await homeSays(dora, 'No requests need your approval.')
  await homeSays(alice, 'globex/web`: done')
  // Two changes and more, and every drawing was another one: none is published twice.
  const published = slack.traffic.filter(({ name, request }) => name === 'views.publish' && JSON.stringify(request).includes('U0DORA'))
  expect(published.length).toBeLessThanOrEqual(4)
})

test('guests and who has no account read why, before anything that comes from Quay; frank has no home at all', async () => {
  const { eve, frank, grace, quay, bot } = shared
  const before = quay.exchanges.length
  expect(await opens(eve, 'Guests can’t use Quaymaster. Ask a full member.')).not.toContain('button')
  expect(quay.exchanges.length).toBe(before)
  expect(await opens(grace, 'identity.map')).not.toMatch(/button|Your builds/)
  expect(await frank.post('home', {})).toMatchObject({ ok: false })
  expect(JSON.stringify(await bot.db.select().from(homes))).not.toContain('U0EVE')
})

test('builds and subscriptions of one’s own, in one’s language; the buttons open what one runs most, by one’s rights of now', async () => {
  const { bea, quay, repository } = shared
  await bea.post('user', { locale: 'ja-JP' })
  for (const _ of [1, 2]) await bea.types('/quay tag list acme/api', 'acme-dev')
  await opens(bea, 'リポジトリー')
  await bea.types('/quay subscribe acme/api', 'acme-dev')
  await homeSays(bea, /`acme\/api`.*C0ACMEDEV/)
  await bea.types('/quay build start acme/api https://downloads.example.com/api.tar.gz', 'acme-dev')
  const shown = await homeSays(bea, 'build:logs')
  expect(shown).toContain('*acme/api*')
  expect(shown.match(/"value":"([a-z ]+)"/)?.[1]).toBe('tag list')
  // It goes on for as long as the test looks at it.
  for (const build of repository('acme/api')?.builds ?? []) build.phaseSince = Date.now() + 3_600_000

  await pressesAtHome(bea, { value: 'build start' })
  await expect
    .poll(async () => (await bea.windows()).map(({ fields }) => Object.keys(fields)), waiting)
    .toEqual([expect.arrayContaining(['archive_url'])])

  // Not a member any more: nothing of the repository is said, and the old button answers with a refusal.
  for (const organization of quay.registry.organizations)
    for (const team of organization.teams) team.members = team.members.filter((one) => one !== 'bea')
  await bea.post('clock', { advance_ms: 31_000 })
  await pressesAtHome(bea, { action_id: 'build:logs' })
  await expect.poll(async () => (await bea.sees('bea')).at(-1)?.text, waiting).toContain('acme/api')
})

test('Quay does not answer: the home says so, and shows what it knows again when it is opened again', async () => {
  const { alice, quay } = shared
  quay.faults({ status: 503 })
  await opens(alice, 'Quay is not available right now')
  quay.faults(undefined)
  expect(await opens(alice, 'No requests need your approval.')).toContain('home:open')
})

test('Slack wants patience, another hand published meanwhile, the answer is lost: the newest drawing stays', async () => {
  const { dora, alice, asks, slack, bot, clock } = await startRequests()
  slack.faults({ rateLimit: { method: 'views.publish', retryAfter: 3, times: 1 } })
  await dora.post('home', {})
  await expect.poll(async () => slack.traffic.filter(({ name }) => name === 'views.publish').length, waiting).toBe(1)
  await clock.advance(3_000)
  await homeSays(dora, 'No requests need your approval.')
  await bot.db.update(homes).set({ hash: '1.wrong' })
  await asks(alice, 'globex/web')
  await clock.advance(3_000)
  await homeSays(dora, 'globex/web')
})
