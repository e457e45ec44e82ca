import { afterAll, expect, test } from 'vitest'
import { startBot } from '../start-bot.ts'
import { allOf } from './drawn.ts'
import { startWithOddQuay } from './odd-quay.ts'

// Quay answers "Updated" also to what it cuts, or does not know: a reply says what is stored.

const plain = await startBot({ until: afterAll, policy: { approvals: [] } })

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
    /^Quay keeps an expiring tag at most 104 weeks\. acme\/api:v1\.0 was last changed on \d{4}-\d\d-\d\d, so it would be deleted immediately\.$/,
  )
  expect(changes()).toEqual([])
  expect(tag.end).toBeNull()
})

test('a tag of 100 weeks has a last day, which is said and taken; what is later is refused', async () => {
  const { alice, tag, changes } = await withTagOf(700)
  const refused = await alice.types(`/quay tag expire acme/api v1.0 ${inDays(365)}`)
  const last = /the last possible date is (\d{4}-\d\d-\d\d)\.$/.exec(refused.text)?.[1]
  expect(last).toBe(new Date(tag.start + 728 * day).toISOString().slice(0, 10))
  expect(changes()).toEqual([])
  const preview = await alice.types(`/quay tag expire acme/api v1.0 ${last}`)
  expect((await alice.presses('Change', preview)).text).toMatch(/ expires on /)
  expect(tag.end).toBe(Date.parse(`${last}T00:00:00Z`))
})

test('a registry that lets tags live for less is read back: the reply has its end', async () => {
  const { alice, registry, repository } = await startWithOddQuay({
    ignores: [{ call: /^PUT .*\/acme\/api\/tag\/v1\.0$/, status: 201, body: 'Updated' }],
  })
  const tag = repository('acme/api')?.tags.find((one) => one.name === 'v1.0' && one.end === null)
  if (tag) tag.end = Date.parse(`${inDays(5)}T00:00:00Z`)
  expect(registry.features.IMMUTABLE_TAGS).toBe(true)
  const reply = await alice.presses('Change', await alice.types(`/quay tag expire acme/api v1.0 ${inDays(30)}`))
  expect(reply.text).toContain(`expires on <!date^${(tag?.end ?? 0) / 1000}^`)
  expect(allOf(reply)).toContain('Quay stored this, which differs from what was requested.')

  expect((await alice.types('/quay tag lock acme/api v1.0')).text).toBe('Quay reported success, but acme/api:v1.0 is not immutable.')
  const moved = await alice.types('/quay tag move acme/api v1.0 latest')
  expect(moved.text).not.toContain('latest')
  expect(allOf(moved)).toContain('Quay stored this, which differs from what was requested.')
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
  const differs = 'Quay stored this, which differs from what was requested.'
  const seen = async (person: typeof bea, command: string, press?: string) => {
    const reply = await person.types(command)
    return allOf(press ? await person.presses(press, reply) : reply)
  }
  const shown = await seen(bea, '/quay repo visibility acme/api public')
  expect(shown).toContain('is now private')
  expect(shown).toContain(differs)
  expect(await seen(bea, '/quay repo state acme/api read-only')).toContain(differs)
  expect(await seen(alice, '/quay repo description acme/api "Another one"')).toContain(differs)
  expect(await seen(bea, '/quay permission grant acme/api ivan write')).toContain(
    'Quay reported success, but ivan has no direct permission on acme/api',
  )
  expect(await seen(bea, '/quay permission revoke acme/api acme+ci')).toContain(
    'Quay reported success, but acme+ci still has *write* on acme/api',
  )
  expect(await seen(dora, '/quay user disable ivan', 'Disable')).toContain('Quay reported success, but ivan is still enabled.')
  expect(await seen(dora, '/quay quota set globex 10GB')).toContain('Quay reported success, but globex has no quota.')
  expect(await seen(bea, '/quay immutability set acme/api ^never-', 'Make immutable')).toContain('has no immutability policy')
  expect(await seen(bea, '/quay team remove acme developers ivan')).toContain('No one was removed: not members of the team')
}, 60_000)

test('a registry before 3.13 is given no pattern, which it would ignore and prune all tags by', async () => {
  const { bea, sent, repository, organization } = await startWithOddQuay({ without: ['tagPattern', 'tagPatternMatches'] })
  for (const target of ['acme/api', 'acme'])
    expect((await bea.types(`/quay prune set ${target} keep=5 pattern=^pr-`)).text).toBe(
      'This registry can only prune all tags; it does not support patterns.',
    )
  expect(sent).toEqual([])
  expect(repository('acme/api')?.prunePolicies).toEqual([])
  expect(organization('acme')?.prunePolicies).toEqual([])
  const preview = await bea.types('/quay prune set acme/api keep=5')
  expect((await bea.presses('Set', preview)).text).toBe('Auto-prune policy of *acme/api* set.')
})

test('a policy that is stored otherwise than asked is deleted again', async () => {
  const { bea, organization } = await startWithOddQuay({ drops: ['tagPattern'] })
  const set = async (words: string) => (await bea.presses('Set', await bea.types(`/quay prune set acme ${words}`))).text
  expect(await set('keep=5 pattern=^pr-')).toBe('Quay stored a different policy than requested, so it was deleted again.')
  expect(organization('acme')?.prunePolicies).toEqual([])

  const kept = { uuid: 'one', method: 'number_of_tags', value: 9, tagPattern: '^pr-', tagPatternMatches: true }
  organization('acme')?.prunePolicies.push(kept)
  expect(await set('keep=5 pattern=^pr-')).toBe(
    'Quay stored a different policy than requested, so it was deleted again, with the one that it replaced.',
  )
  expect(organization('acme')?.prunePolicies).toEqual([])
})

test('a registry before 3.14.7 is sent no timeout of a mirror, and says that it takes none', async () => {
  const { bea, sent, repository } = await startWithOddQuay({ without: ['skopeo_timeout_interval'] })
  const made = await bea.types('/quay mirror create acme/mc quay.io/minio/mc robot=acme+ci')
  expect(made.text).toMatch(/^Created <.*\|acme\/mc> as a mirror of .*\./)
  expect(sent.find(({ call }) => call.endsWith('/acme/mc/mirror'))?.body).not.toHaveProperty('skopeo_timeout_interval')
  expect(repository('acme/mc')?.mirror).toBeDefined()
  // Nothing is claimed of a limit that the registry does not have.
  expect(allOf(await bea.types('/quay mirror show acme/mc'))).not.toContain('Timeout')
  expect((await bea.types('/quay mirror edit acme/mc timeout=600')).text).toBe(
    'This registry does not support skopeo_timeout_interval; it needs a newer Quay release.',
  )
})

test('a size stays in the unit that was typed', async () => {
  const { dora, bea } = plain
  expect((await dora.types('/quay quota set acme 10GB')).text).toBe('Quota of *acme* set to 10 GB.')
  expect((await bea.types('/quay quota show acme')).text).toBe('Quota of *acme*: 10 GB.')
  expect((await dora.types('/quay quota set acme "1.5 GiB"')).text).toBe('Quota of *acme* set to 1.5 GiB.')
  expect(allOf(await dora.types('/quay quota set acme 500MB'))).toContain('It was 1.5 GiB before.')
  expect((await dora.types('/quay quota set acme 2048MiB')).text).toBe('Quota of *acme* set to 2048 MiB.')
})

test('a name that no field has is refused with those that there are, and becomes no word', async () => {
  const { alice, bea, changes } = plain
  const before = changes().length
  expect((await alice.types('/quay repo create acme/web zzzzz=bar')).text).toMatch(
    /^Unknown field zzzzz\. Available fields: repository, visibility.*\./,
  )
  expect((await alice.types('/quay repo description acme/api colour=red')).text).toMatch(
    /^Unknown field colour\. Available fields: repository, description\.$/,
  )
  expect((await bea.types('/quay team create acme web purpose=x')).text).toMatch(
    /^Unknown field purpose\. Available fields: organization, team, role, description\.$/,
  )
  expect((await alice.types('/quay repo create acme/web visiblity=public')).text).toContain('Did you mean visibility?')
  expect(changes().slice(before)).toEqual([])
})

test('replies name the options that were set', async () => {
  const { alice, bea } = plain
  const made = allOf(await alice.types('/quay repo create acme/web description="Front page" writers=acme+ci prune=30d'))
  expect(made).toContain('Front page')
  expect(made).toContain(':white_check_mark: Give acme+ci the role write on acme/web')
  expect(made).toContain(':white_check_mark: Delete tags older than 30d')
  expect(made).not.toContain('Not everything is done:')
  expect(made).not.toContain('default permissions')
  expect(allOf(await bea.types('/quay robot create acme+web description="Pushes from CI"'))).toContain('Pushes from CI')
  expect(allOf(await bea.types('/quay team create acme web description="Front end"'))).toContain('Front end')
  expect(allOf(await bea.types('/quay proxy-cache set labs docker.io keep=2w insecure=yes'))).toContain(
    'Quay connects over HTTP, without TLS.',
  )
  const mirror = allOf(await bea.types('/quay mirror create acme/mc quay.io/minio/mc verify_tls=no unsigned_images=yes timeout=600'))
  for (const words of ['No', 'Unsigned images', '10 minutes']) expect(mirror).toContain(words)
})
