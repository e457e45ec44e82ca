import { expect, test } from 'vitest'
import { startBot } from '../start-bot.ts'
import { allOf } from './drawn.ts'

// The robot account of a mirror, where Quay is not asked for all of them first.

const put = 'PUT /api/v1/organization/acme/robots/mirror'

async function started() {
  const bot = await startBot()
  const robots = () => bot.quay.registry.robots.filter(({ name }) => name === 'acme+mirror')
  const puts = () => bot.changes().filter((call) => call === put)
  return { ...bot, robots, puts }
}

test('Quay makes the robot account, but its answer is lost: it is made once, and the mirror at once', async () => {
  const { bea, quay, repository, robots, puts } = await started()
  quay.faults({ cut: true, match: put, times: 1 })
  const made = await bea.types('/quay mirror create acme/mc quay.io/minio/mc')
  expect(made.text).toMatch(/^Created <.*> as a mirror of/)
  expect(allOf(made)).toContain('Robot account `acme+mirror` (created) pushes the images.')
  expect(puts()).toHaveLength(1)
  expect(robots()).toHaveLength(1)
  expect(repository('acme/mc')).toMatchObject({ state: 'MIRROR', userPermissions: { bea: 'admin' } })
})

test('Quay does not make the robot account: the repository is handed over, and Retry makes what is missing', async () => {
  const { bea, quay, repository, robots } = await started()
  quay.faults({ status: 503, match: put, times: 1 })
  const left = await bea.types('/quay mirror create acme/mc quay.io/minio/mc')
  // The next step makes it, so nothing may be left.
  const done = allOf(left).includes('Retry') ? await bea.presses('Retry', left) : left
  expect(allOf(done)).not.toContain('Not everything is done:')
  expect(robots()).toHaveLength(1)
  expect(repository('acme/mc')).toMatchObject({ state: 'MIRROR', userPermissions: { bea: 'admin' } })
})

test('Quay refuses the mirror after the robot account was made for it: both are gone again', async () => {
  const { bea, quay, robots } = await started()
  const reply = await bea.types('/quay mirror create acme/mc registry.invalid/a/b')
  expect(reply.text).toContain('The mirror was not created, and what was created for it was deleted again.')
  expect(robots()).toEqual([])
  expect(quay.registry.repositories.some(({ name }) => name === 'mc')).toBe(false)
})

test('two people make the first two mirrors of an organization at once: one robot account, two mirrors', async () => {
  const { bea, dora, repository, robots } = await started()
  const both = await Promise.all([
    bea.types('/quay mirror create acme/mc1 quay.io/minio/mc'),
    dora.types('/quay mirror create acme/mc2 quay.io/minio/mc'),
  ])
  for (const { text } of both) expect(text).toMatch(/^Created <.*> as a mirror of/)
  expect(robots()).toHaveLength(1)
  for (const name of ['acme/mc1', 'acme/mc2']) expect(repository(name)).toMatchObject({ state: 'MIRROR' })
})

test('alice may create repositories and no robot accounts: she is told before anything is made', async () => {
  const { alice, changes, robots } = await started()
  const before = changes().length
  expect((await alice.types('/quay mirror create acme/mc quay.io/minio/mc')).text).toContain('You need to be an *admin* of acme.')
  expect(changes().slice(before)).toEqual([])
  expect(robots()).toEqual([])
})
