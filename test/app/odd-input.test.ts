import { afterAll, expect, test } from 'vitest'
import { sampled } from '../sized.ts'
import { startBot } from '../start-bot.ts'

const started = await startBot({ until: afterAll })
const { alice, bea, quay, slack, clock, log } = started
const waiting = { timeout: 20_000, interval: 30 }

test('a name that is too long for a menu stays what was typed: nothing else is changed in its place', async () => {
  const long = `acme/${'x'.repeat(100)}`
  const modal = await bea.opens(`/quay repo visibility ${long}`, 'acme-dev')
  expect(modal.fields.repository).toBe(long)
  await bea.submits(modal, { visibility: 'public' })
  await expect.poll(async () => JSON.stringify((await bea.looksAt(modal)).blocks), waiting).toContain(long)
  await bea.post('close', { view_id: modal.id })
})

test('what Slack would refuse a whole modal for is left out of it: the modal opens all the same', async () => {
  const modal = await alice.opens(`/quay repo create admins=bea,bea,,bea description="${'é<&'.repeat(1500)}"`, 'acme-dev')
  expect(modal.fields).toMatchObject({ admins: ['bea'] })
  await alice.post('close', { view_id: modal.id })
  const reason = await alice.opens(`/quay repo create reason="${'"\\'.repeat(1000)}" visibility=public`, 'acme-dev')
  expect((await alice.submits(reason, { repository: 'acme/reasoned' })).errors).toEqual({})
  await expect.poll(() => started.repository('acme/reasoned')?.visibility, waiting).toBe('public')
  await alice.post('close', { view_id: reason.id })
  const prune = await bea.opens('/quay prune set keep=2.5 older_than=', 'acme-dev')
  expect(prune.fields.keep ?? null).toBeNull()
  await bea.post('close', { view_id: prune.id })
})

test('a modal that is refused says who can help, and keeps what was typed', async () => {
  const modal = await alice.opens('/quay robot create', 'acme-dev')
  const [field = ''] = Object.keys(modal.fields)
  await alice.submits(modal, { [field]: 'acme+tester' })
  await expect.poll(async () => JSON.stringify((await alice.looksAt(modal)).blocks), waiting).toContain('can help')
  expect((await alice.looksAt(modal)).fields[field]).toBe('acme+tester')
  await alice.post('close', { view_id: modal.id })
})

test('in an edit a yes or no can be left alone', async () => {
  const modal = await bea.opens('/quay mirror edit', 'acme-dev')
  const more = JSON.stringify((await bea.pressesIn('modal:more', modal)).blocks)
  expect(more).toContain('Keep current value')
  await bea.post('close', { view_id: modal.id })
})

test('the modal is closed before the outcome: it comes where the command was typed', async () => {
  const modal = await alice.opens('/quay repo create visibility=private', 'acme-dev')
  quay.faults({ latencyMs: 300 })
  await alice.submits(modal, { repository: 'acme/closed-early' })
  await alice.post('close', { view_id: modal.id })
  await expect.poll(async () => (await alice.sees('acme-dev')).at(-1)?.text, waiting).toContain('acme/closed-early')
  quay.faults(undefined)
})

test('a hundred long names: as many as Slack takes, the buttons, and a sign that there is more', async () => {
  const [like] = quay.registry.repositories.filter(({ namespace }) => namespace === 'acme')
  for (let index = 0; like && index < 100; index += 1)
    quay.registry.repositories.push({
      ...structuredClone(like),
      id: 10_000 + index,
      name: `${'n'.repeat(200)}${index}`,
      description: '🚀 مرحبا '.repeat(50),
    })
  const reply = await bea.types('/quay repo list acme', 'acme-dev')
  expect(JSON.stringify(reply.blocks)).toMatch(/Older/)
  const refused = slack.traffic.filter(({ answer }) => /invalid_blocks|msg_/.test(JSON.stringify(answer ?? {})))
  expect(refused).toEqual([])
  quay.registry.repositories.splice(-100)
})

test('/quay alone lists the last three things that were done, and looking for help is none of them', async () => {
  await bea.types('/quay help', 'acme-dev')
  const shown = JSON.stringify((await bea.types('/quay', 'acme-dev')).blocks)
  expect(shown).toContain('`/quay repo list acme`')
  expect(shown).not.toContain('• `/quay help')
})

test('the first word is right and the second is not: what can follow is listed', async () => {
  expect((await bea.types('/quay robot dance acme', 'acme-dev')).text).toContain('`/quay robot create`')
})

test('the response URL is too old: the reply is ephemeral in the channel, or where the bot is not, a direct message', async () => {
  const places = [
    ['acme-dev', 'acme-dev'],
    ['random', 'carl'],
  ] as const
  for (const [channel, place] of sampled(places, 2)) {
    quay.faults({ latencyMs: 600 })
    await started.carl.sends('/quay repo list acme', channel)
    await clock.advance(31 * 60_000)
    await expect.poll(async () => (await started.carl.sees(place)).at(-1)?.text, waiting).toContain('Repositories in *acme*')
    quay.faults(undefined)
  }
  expect((await started.carl.sees('acme-dev')).at(-1)?.ephemeral).toBe(true)
})

test('none of it was a bug', () => {
  expect(log()).not.toMatch(/a bug|a listener failed/)
})
