import { expect, test } from 'vitest'
import { startBot } from '../start-bot.ts'
import { allOf } from './drawn.ts'
import { startWithOddQuay } from './odd-quay.ts'

// Quay answers "Updated" also to what it cuts, or does not know: a reply says what is stored.

const day = 86_400_000
const inDays = (days: number) => new Date(Date.now() + days * day).toISOString().slice(0, 10)

async function withTagOf(age: number) {
  const all = await startBot({ policy: { approvals: [] } })
  const tag = all.repository('acme/api')?.tags.find((one) => one.name === 'v1.0' && one.end === null)
  if (!tag) throw new Error('the seed has acme/api:v1.0')
  tag.start = Date.now() - age * day
  return { ...all, tag }
}

test('a tag of three years is given no end: Quay counts 104 weeks from its start, and would delete it at once', async () => {
  const { alice, tag, changes } = await withTagOf(3 * 365)
  const reply = await alice.types(`/quay tag expire acme/api v1.0 ${inDays(365)}`)
  expect(reply.text).toMatch(
    /^Quay lets a tag live for 104 weeks at most, and v1\.0 of acme\/api is there since \d{4}-\d\d-\d\d: .* deleted at once\.$/,
  )
  expect(changes()).toEqual([])
  expect(tag.end).toBeNull()
})

test('a tag of 100 weeks has a last day, which is said and taken; what is later is refused', async () => {
  const { alice, tag, changes } = await withTagOf(700)
  const refused = await alice.types(`/quay tag expire acme/api v1.0 ${inDays(365)}`)
  const last = /its last day is (\d{4}-\d\d-\d\d)\.$/.exec(refused.text)?.[1]
  expect(last).toBe(new Date(tag.start + 728 * day).toISOString().slice(0, 10))
  expect(changes()).toEqual([])
  const preview = await alice.types(`/quay tag expire acme/api v1.0 ${last}`)
  expect((await alice.presses('Expire', preview)).text).toMatch(/ends on/)
  expect(tag.end).toBe(Date.parse(`${last}T00:00:00Z`))
})

test('a registry that lets tags live for less is read back: the reply has its end', async () => {
  const { alice, registry, repository } = await startWithOddQuay({
    ignores: [{ call: /^PUT .*\/acme\/api\/tag\/v1\.0$/, status: 201, body: 'Updated' }],
  })
  const tag = repository('acme/api')?.tags.find((one) => one.name === 'v1.0' && one.end === null)
  if (tag) tag.end = Date.parse(`${inDays(5)}T00:00:00Z`)
  expect(registry.features.IMMUTABLE_TAGS).toBe(true)
  const reply = await alice.presses('Expire', await alice.types(`/quay tag expire acme/api v1.0 ${inDays(30)}`))
  expect(reply.text).toContain(`ends on <!date^${(tag?.end ?? 0) / 1000}^`)
  expect(allOf(reply)).toContain('Quay stored this, and not what was asked for.')

  expect((await alice.types('/quay tag lock acme/api v1.0')).text).toBe(
    'Quay answered that it is done, and yet v1.0 of acme/api is not immutable.',
  )
  const moved = await alice.types('/quay tag move acme/api v1.0 latest')
  expect(moved.text).not.toContain('latest')
  expect(allOf(moved)).toContain('Quay stored this, and not what was asked for.')
})

test('what Quay answers well and does not do is not told as done', async () => {
  const ok = { success: true }
  const { bea, dora, alice } = await startWithOddQuay({
    ignores: [
      { call: /^POST .*\/changevisibility$/, status: 200, body: ok },
      { call: /^PUT .*\/changestate$/, status: 200, body: ok },
      { call: /^PUT .*\/repository\/acme\/api$/, status: 200, body: ok },
      { call: /^(PUT|DELETE) .*\/permissions\/user\//, status: 200, body: {} },
      { call: /^PUT .*\/superuser\/users\//, status: 200, body: {} },
      { call: /^POST .*\/quota$/, status: 201, body: 'Created' },
      { call: /^POST .*\/immutabilitypolicy\/$/, status: 201, body: { uuid: 'x' } },
      { call: /^POST .*\/proxycache$/, status: 201, body: 'Created' },
      { call: /^DELETE .*\/team\/developers\/members\//, status: 204, body: undefined },
    ],
  })
  const differs = 'Quay stored this, and not what was asked for.'
  const seen = async (person: typeof bea, command: string, press?: string) => {
    const reply = await person.types(command)
    return allOf(press ? await person.presses(press, reply) : reply)
  }
  const shown = await seen(bea, '/quay repo visibility acme/api public')
  expect(shown).toContain('is private')
  expect(shown).toContain(differs)
  expect(await seen(bea, '/quay repo state acme/api read-only')).toContain(differs)
  expect(await seen(alice, '/quay repo description acme/api "Another one"')).toContain(differs)
  expect(await seen(bea, '/quay permission grant acme/api ivan write')).toContain('and yet ivan has no permission of their own on acme/api')
  expect(await seen(bea, '/quay permission revoke acme/api acme+ci')).toContain('and yet acme+ci has *write* on acme/api')
  expect(await seen(dora, '/quay user disable ivan', 'Disable')).toContain('and yet ivan is enabled')
  expect(await seen(dora, '/quay quota set globex 10GB')).toContain('and yet globex has no quota')
  expect(await seen(bea, '/quay immutability set acme/api ^never-', 'Set')).toContain('has no immutability policy')
  expect(await seen(bea, '/quay team remove acme developers ivan')).toContain('None of them')
}, 60_000)

test('a registry before 3.13 is given no pattern, which it would ignore and prune all tags by', async () => {
  const { bea, sent, repository, organization } = await startWithOddQuay({ without: ['tagPattern', 'tagPatternMatches'] })
  for (const target of ['acme/api', 'acme'])
    expect((await bea.types(`/quay prune set ${target} keep=5 pattern=^pr-`)).text).toBe(
      'This registry prunes all tags or none; it takes no pattern.',
    )
  expect(sent).toEqual([])
  expect(repository('acme/api')?.prunePolicies).toEqual([])
  expect(organization('acme')?.prunePolicies).toEqual([])
  const preview = await bea.types('/quay prune set acme/api keep=5')
  expect((await bea.presses('Set', preview)).text).toBe('Auto-prune of *acme/api* is set.')
})

test('a policy that is stored otherwise than asked is deleted again', async () => {
  const { bea, organization } = await startWithOddQuay({ drops: ['tagPattern'] })
  const set = async (words: string) => (await bea.presses('Set', await bea.types(`/quay prune set acme ${words}`))).text
  expect(await set('keep=5 pattern=^pr-')).toBe('Quay stored another policy than was asked for, so it was deleted again.')
  expect(organization('acme')?.prunePolicies).toEqual([])

  const kept = { uuid: 'one', method: 'number_of_tags', value: 9, tagPattern: '^pr-', tagPatternMatches: true }
  organization('acme')?.prunePolicies.push(kept)
  expect(await set('keep=5 pattern=^pr-')).toBe(
    'Quay stored another policy than was asked for, so it was deleted again, with the one that it replaced.',
  )
  expect(organization('acme')?.prunePolicies).toEqual([])
})

test('a registry before 3.14.7 is sent no timeout of a mirror, and says that it takes none', async () => {
  const { bea, sent, repository } = await startWithOddQuay({ without: ['skopeo_timeout_interval'] })
  const made = await bea.types('/quay mirror create acme/mc quay.io/minio/mc robot=acme+ci')
  expect(made.text).toMatch(/^Created <.*\|acme\/mc> to mirror/)
  expect(sent.find(({ call }) => call.endsWith('/acme/mc/mirror'))?.body).not.toHaveProperty('skopeo_timeout_interval')
  expect(repository('acme/mc')?.mirror).toBeDefined()
  // Nothing is claimed of a limit that the registry does not have.
  expect(allOf(await bea.types('/quay mirror show acme/mc'))).not.toContain('A run may take')
  expect((await bea.types('/quay mirror edit acme/mc timeout=600')).text).toBe(
    'This registry does not take skopeo_timeout_interval: a newer release of Quay does.',
  )
})

test('a size stays in the unit that was typed', async () => {
  const { dora, bea } = await startBot({ policy: { approvals: [] } })
  expect((await dora.types('/quay quota set acme 10GB')).text).toBe('*acme* may store 10 GB now.')
  expect((await bea.types('/quay quota show acme')).text).toBe('*acme* may store 10 GB.')
  expect((await dora.types('/quay quota set acme "1.5 GiB"')).text).toBe('*acme* may store 1.5 GiB now.')
  expect(allOf(await dora.types('/quay quota set acme 500MB'))).toContain('Before it was 1.5 GiB.')
  expect((await dora.types('/quay quota set acme 2048MiB')).text).toBe('*acme* may store 2048 MiB now.')
})

test('a name that no field has is refused with those that there are, and becomes no word', async () => {
  const { alice, bea, changes } = await startBot({ policy: { approvals: [] } })
  expect((await alice.types('/quay repo create acme/web foo=bar')).text).toMatch(
    /^There is no field foo here\. There is: repository, visibility/,
  )
  expect((await alice.types('/quay repo description acme/api colour=red')).text).toMatch(/^There is no field colour here\./)
  expect((await bea.types('/quay team create acme web purpose=x')).text).toMatch(/^There is no field purpose here\./)
  expect((await alice.types('/quay repo create acme/web visiblity=public')).text).toContain('Did you mean visibility?')
  expect(changes()).toEqual([])
})

test('replies name the options that were set', async () => {
  const { alice, bea } = await startBot({ policy: { approvals: [] } })
  const made = allOf(await alice.types('/quay repo create acme/web description="Front page" writers=acme+ci prune=30d'))
  expect(made).toContain('Front page')
  expect(made).toContain(':white_check_mark: Give acme+ci the role write on acme/web')
  expect(made).toContain(':white_check_mark: Delete tags older than 30d')
  expect(made).not.toContain('Not all of it is done')
  expect(made).not.toContain('default permissions')
  expect(allOf(await bea.types('/quay robot create acme+web description="Pushes from CI"'))).toContain('Pushes from CI')
  expect(allOf(await bea.types('/quay team create acme web description="Front end"'))).toContain('Front end')
  expect(allOf(await bea.types('/quay proxy-cache set labs docker.io keep=2w insecure=yes'))).toContain('Quay reaches it without TLS')
  const mirror = allOf(await bea.types('/quay mirror create acme/mc quay.io/minio/mc verify_tls=no unsigned_images=yes timeout=600'))
  for (const words of ['Not checked', 'Unsigned images', '10 minutes']) expect(mirror).toContain(words)
})
