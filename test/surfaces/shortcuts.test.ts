import { afterAll, expect, test } from 'vitest'
import type { PersonAtSlack } from '../people.ts'
import { startBot } from '../start-bot.ts'

const { alice, bea, eve, frank, grace, changes, quay, repository } = await startBot({ until: afterAll })

/** Chooses the shortcut and waits for what the modal says then. */
async function chooses(person: PersonAtSlack) {
  expect(await person.post('shortcut', { callback_id: 'request-repository' })).toMatchObject({ ok: true })
  const [{ id }] = await opened(person)
  return person.looksAt({ id })
}

async function opened(person: PersonAtSlack) {
  let found = await person.windows()
  await expect
    .poll(async () => {
      found = await person.windows()
      return found.length
    })
    .toBeGreaterThan(0)
  return found as [(typeof found)[number]]
}

test('“Request a repository” opens the modal from anywhere; what comes of it is a direct message', async () => {
  const modal = await chooses(alice)
  expect(modal.title).toBe('Create repository')
  await alice.submits(modal, { repository: 'acme/from-shortcut' })
  await expect.poll(async () => (await alice.sees('alice')).at(-1)?.text, { timeout: 10_000 }).toContain('Created <')
  expect(repository('acme/from-shortcut')?.visibility).toBe('private')
})

test('a guest, and somebody without an account, read why not in the modal; nothing that comes from Quay is in it', async () => {
  const before = quay.exchanges.length
  expect(JSON.stringify((await chooses(eve)).blocks)).toContain('Guests can’t use Quaymaster. Ask a full member.')
  expect(quay.exchanges.length).toBe(before)
  expect(JSON.stringify((await chooses(grace)).blocks)).toContain('identity.map')
  expect(await frank.post('shortcut', { callback_id: 'request-repository' })).toMatchObject({ ok: false })
})

test('Quay does not answer: the modal says so, and nothing is created', async () => {
  const done = changes().length
  quay.faults({ status: 503 })
  const modal = await chooses(bea)
  expect(JSON.stringify(modal.blocks)).toContain('Quay is not available right now.')
  quay.faults(undefined)
  expect(changes().length).toBe(done)
})
