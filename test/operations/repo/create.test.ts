import { expect, test } from 'vitest'
import { startBot } from '../../start-bot.ts'

test('alice, a creator in acme, creates a private repository by one command', async () => {
  const { alice, repository, changes } = await startBot()

  const reply = await alice.types('/quay repo create acme/web description="Front page"')

  expect(reply).toMatchObject({ ephemeral: true, text: expect.stringMatching(/^Created <http.*\|acme\/web>\.$/) })
  expect(changes()[0]).toBe('POST /api/v1/repository')
  expect(repository('acme/web')).toMatchObject({ visibility: 'private', description: 'Front page' })
})

test('without its name the modal opens, filled with what was given, and creates the repository when submitted', async () => {
  const { alice, repository } = await startBot()

  const modal = await alice.opens('/quay repo create description="Front page"')
  expect(modal).toMatchObject({ title: 'Repository', fields: { description: 'Front page', visibility: 'private' } })

  expect(await alice.submits(modal, { repository: 'Acme/Web' })).toMatchObject({ ack: { response_action: 'errors' } })
  expect((await alice.looksAt(modal)).errors).toMatchObject({ repository: expect.stringContaining('lower case') })

  await alice.submits(await alice.looksAt(modal), { repository: 'acme/web', visibility: 'public' })
  await expect.poll(() => repository('acme/web')).toMatchObject({ visibility: 'public', description: 'Front page' })
  await expect.poll(async () => JSON.stringify(await alice.sees())).toContain('Created')
})

test('who lacks the right is told which, and who of the organisation could help; Quay changes nothing', async () => {
  const { alice, bea, changes } = await startBot()

  expect((await alice.types('/quay repo create globex/web')).text).toBe('You need the *creator* role in globex.')
  const refusal = await bea.types('/quay repo create globex/web')

  expect(JSON.stringify(refusal.blocks)).toContain('can help')
  expect(changes()).toEqual([])
})

test('a taken name is said to whom it may be said', async () => {
  const { alice } = await startBot()

  expect((await alice.types('/quay repo create acme/api')).text).toMatch(/already exists/i)
  expect((await alice.types('/quay repo create globex/secret')).text).toBe('You need the *creator* role in globex.')
})

test('Quay fails: the person is told, and the answer that was lost is not asked for twice', async () => {
  const { alice, quay, changes } = await startBot()

  quay.faults({ status: 503, match: 'POST /api/v1/repository' })
  expect((await alice.types('/quay repo create acme/web')).text).toMatch(/did not confirm/)

  const before = changes().length
  quay.faults({ cut: true, match: 'POST /api/v1/repository', times: 1 })
  const reply = await alice.types('/quay repo create acme/shop2')
  expect(reply.text).toContain('Created')
  expect(
    changes()
      .slice(before)
      .filter((call) => call === 'POST /api/v1/repository'),
  ).toHaveLength(1)
})

test('a dry run shows the calls and makes none', async () => {
  const { alice, changes } = await startBot()

  const reply = await alice.types('/quay repo create acme/web —dry-run')

  expect(reply.text).toContain('POST /api/v1/repository')
  expect(changes()).toEqual([])
})
