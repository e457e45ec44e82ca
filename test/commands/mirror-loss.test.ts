import { expect, test } from 'vitest'
import { sampled } from '../sized.ts'
import { startBot } from '../start-bot.ts'
import { allOf } from './drawn.ts'
import { startWithOddQuay } from './odd-quay.ts'

// Quay's mirror worker deletes every tag of the repository that the mirror does not bring.

async function started(policy = {}) {
  const all = await startBot({ policy: { approvals: [], ...policy } })
  const alive = (name: string) =>
    (all.repository(name)?.tags ?? []).filter(({ end }) => end === null || end > all.clock.now()).map((tag) => tag.name)
  const run = async () => {
    for (const ms of [2000, 4000]) {
      await all.clock.advance(ms)
      all.quay.tick()
    }
  }
  return { ...all, alive, run }
}

test('a mirror over existing tags is looked at before it is made, with the number of tags that go', async () => {
  const { bea, changes, alive, quay, run } = await started()
  quay.registry.upstreams['quay.io/acme/api'] = ['v1.0']
  const preview = await bea.types('/quay mirror create acme/api quay.io/acme/api tags=v1.* robot=acme+ci')
  expect(preview.text).toMatch(/^Make <.*\|acme\/api> a mirror of `quay.io\/acme\/api`\?$/)
  expect(allOf(preview)).toContain(
    '*acme/api* has 3 tags. The mirror deletes every tag that it does not sync. 1 tag matches none of its patterns and will be deleted: `latest`',
  )
  expect(allOf(preview)).toContain('2 tags stay only if `quay.io/acme/api` has them too.')
  expect(changes()).toEqual([])

  expect((await bea.presses('Create', preview)).text).toMatch(/acme\/api> is now a mirror of/)
  await run()
  expect(alive('acme/api')).toEqual(['v1.0'])
})

test('a repository without tags is made a mirror at once, and so is a new one', async () => {
  const { bea, quay } = await started()
  for (const tag of quay.registry.repositories.find(({ name }) => name === 'api')?.tags ?? []) tag.end ??= Date.now() - 1000
  expect((await bea.types('/quay mirror create acme/api quay.io/acme/api robot=acme+ci')).text).toMatch(/ is now a mirror of /)
  expect((await bea.types('/quay mirror create acme/fresh quay.io/acme/api')).text).toMatch(/^Created/)
})

test('what makes a mirror bring other tags, or runs it over pushed ones, is looked at too', async () => {
  const { bea, alive, quay, run, repository } = await started()
  quay.registry.upstreams['quay.io/acme/api'] = ['v1.0', 'v1.1', 'latest']
  await bea.presses('Create', await bea.types('/quay mirror create acme/api quay.io/acme/api tags=* robot=acme+ci enabled=no'))
  // It has never run: nothing of what is there came from it.
  expect((await bea.types('/quay mirror sync acme/api')).text).toBe('Sync the mirror *acme/api* now?')
  const edited = await bea.types('/quay mirror edit acme/api tags=v1.0 enabled=yes')
  expect(edited.text).toMatch(/^Change the mirror/)
  expect(allOf(edited)).toContain('2 tags match none of its patterns and will be deleted: `latest`, `v1.1`')
  expect((await bea.types('/quay mirror edit acme/api interval=6h')).text).toMatch(/^Changed the mirror/)
  await bea.presses('Edit', await bea.types('/quay mirror edit acme/api tags=v1.* enabled=yes'))
  await run()
  expect(alive('acme/api').toSorted()).toEqual(['v1.0', 'v1.1'])
  expect((await bea.types('/quay mirror sync acme/api')).text).toContain('Sync of')

  expect((await bea.types('/quay repo state acme/api normal')).text).toContain('now accepts pushes.')
  expect(allOf(await bea.types('/quay mirror show acme/api'))).toContain(
    'It does not sync, because the repository state is not mirror. Change the state with',
  )
  quay.registry.pushTag('acme/api', 'mine', 'ivan')
  const again = await bea.types('/quay repo state acme/api mirror')
  expect(again.text).toBe('Make *acme/api* a mirror again?')
  expect(allOf(again)).toContain('1 tag matches none of its patterns and will be deleted: `mine`')
  expect(repository('acme/api')?.state).toBe('NORMAL')
})

test('a rule about what destroys holds for a mirror', async () => {
  const rule = { name: 'destroys', effects: ['destroys'], ask: 'always', channel: 'C0APPROVALS', approvers: ['U0DORA'], needed: 1 } as const
  const more = { requesters: ['everyone'], remind: [], expires: 86_400_000, reason: { required: false } }
  const { bea } = await started({ approvals: [{ ...rule, ...more }], default: 'run' })
  for (const command of ['mirror create acme/api quay.io/acme/api robot=acme+ci', 'repo state acme/api mirror'])
    expect(allOf(await bea.types(`/quay ${command}`))).toContain('needs approval.')
  expect((await bea.types('/quay repo state acme/legacy normal')).text).not.toContain('needs approval')
})

test('an existing repository takes its admin, and not the creator role; who has neither is not told that it exists', async () => {
  const { alice, bea, quay, repository } = await started()
  expect((await alice.types('/quay mirror create acme/shop quay.io/minio/mc')).text).toContain('You need to be an *admin* of acme/shop.')
  const answers = [
    await alice.types('/quay mirror create globex/secret quay.io/minio/mc'),
    await bea.types('/quay mirror create globex/none quay.io/minio/mc'),
  ]
  for (const { text } of answers) expect(text).toMatch(/^You need the \*creator\* role in globex\./)
  const secret = repository('globex/secret')
  if (secret) Object.assign(secret, { userPermissions: { ...secret.userPermissions, alice: 'admin' }, tags: [] })
  quay.registry.robots.push({ ...(quay.registry.robots[0] ?? {}), name: 'globex+ci', namespace: 'globex' } as never) // one like the others
  const made = await alice.types('/quay mirror create globex/secret quay.io/minio/mc robot=globex+ci')
  expect(made.text).toMatch(/globex\/secret> is now a mirror of/)
  expect(allOf(await alice.types('/quay help mirror create'))).toContain(
    'You need the creator role in the namespace of the repository (if it exists: admin permission on the repository).',
  )
})

test('a mirror that Quay refuses leaves no repository, no robot and no permission, and is not called created', async () => {
  const { bea, alice, quay, repository } = await started()
  const refused = await bea.types('/quay mirror create acme/other registry.invalid/a/b')
  expect(refused.text).toBe(
    "The mirror was not created, and what was created for it was deleted again. Quay says: Cannot resolve hostname 'registry.invalid'",
  )
  expect(repository('acme/other')).toBeUndefined()
  expect(quay.registry.robots.map(({ name }) => name)).not.toContain('acme+mirror')
  // alice may make no robots: nothing is made for her at all.
  expect((await alice.types('/quay mirror create acme/more quay.io/minio/mc')).text).toContain('You need to be an *admin* of acme.')
  expect(repository('acme/more')).toBeUndefined()
})

test('what was made for a refused mirror and cannot be taken away is named', async () => {
  const { bea, repository } = await startWithOddQuay({
    ignores: [{ call: /^DELETE .*\/repository\/acme\/other$/, status: 403, body: { detail: 'Unauthorized' } }],
  })
  const reply = await bea.types('/quay mirror create acme/other registry.invalid/a/b robot=acme+ci')
  expect(reply.text).toBe('Quay refused the mirror, and the repository acme/other created for it could not be deleted. Delete it in Quay.')
  expect(repository('acme/other')).toBeDefined()
})

const references = [
  ['quay.io/minio/mc:latest', 'Leave out the tag'],
  ['registry.example.com:5000/minio/mc:v1', 'Leave out the tag'],
  [`quay.io/minio/mc@sha256:${'a'.repeat(64)}`, 'Leave out the digest'],
  ['minio/mc', 'Use a name like quay.io/minio/mc'],
  ['QUAY.io/Minio/mc', 'Use lower case'],
  ['quay.io', 'Use a name like quay.io/minio/mc'],
  ['quay.io//mc', 'Use a name like quay.io/minio/mc'],
  ['-quay.io/minio/mc', 'Use a name like quay.io/minio/mc'],
] as const

test('a tag, a digest, capitals and what names no registry are refused in words, for a mirror and a proxy cache', async () => {
  const { bea, changes } = await started()
  for (const [reference, words] of sampled(references, 2)) {
    expect((await bea.types(`/quay mirror create acme/m1 ${reference}`)).text, reference).toContain(words)
    if (reference === 'quay.io') continue
    expect((await bea.types(`/quay proxy-cache set labs ${reference}`)).text, reference).toMatch(/^Upstream registry: (Leave out|Use) /)
  }
  expect(changes()).toEqual([])
})

test.each(sampled(['https://quay.io/minio/mc/', 'quay.io/minio/mc/', 'https://quay.io/minio/mc', '`quay.io/minio/mc`'], 4))(
  '%s, as it is copied, is the repository quay.io/minio/mc, for a mirror and a proxy cache',
  async (copied) => {
    const { bea, organization, repository } = await startWithOddQuay({})
    expect((await bea.types(`/quay mirror create acme/m1 ${copied}`)).text).toContain('as a mirror of `quay.io/minio/mc`.')
    expect(repository('acme/m1')?.mirror?.externalReference).toBe('quay.io/minio/mc')
    await bea.types(`/quay proxy-cache set labs ${copied}`)
    expect(organization('labs')?.proxyCache?.upstreamRegistry).toBe('quay.io/minio/mc')
  },
)

test('a password is not kept until somebody confirms: over existing tags it is given afterwards', async () => {
  const { bea, changes } = await started()
  const modal = await bea.pressesIn('modal:more', await bea.opens('/quay mirror create'))
  await bea.submits(modal, {
    ...{ repository: 'acme/api', external_reference: 'quay.io/minio/mc', robot: 'acme+ci', username: 'acme', password: 'Canary-7d1c' },
  })
  await expect
    .poll(async () => JSON.stringify([await bea.sees(), await bea.windows()]), { timeout: 20_000 })
    .toContain('a password is not kept until then')
  expect(changes()).toEqual([])
})
