import { afterAll, expect, test } from 'vitest'
import { readWords } from '../../src/command/arguments.ts'
import { readingOf } from '../../src/command/reading.ts'
import { findCommand } from '../../src/command/registry.ts'
import { wordsOf } from '../../src/command/tokenize.ts'
import { audit } from '../../src/db/schema.ts'
import { startBot } from '../start-bot.ts'

const started = await startBot({ until: afterAll, environment: { QUAY_RATE: '1000' } })
const { alice, bea, dora, bot, quay, changes } = started
const host = new URL(bot.config.QUAY_URL).host
const typing = { hosts: ['quay.example'], now: Date.parse('2026-11-28T10:00:00Z'), timeZone: 'Europe/Berlin' }

/** The input that typed words come to. */
function inputOf(text: string) {
  const found = findCommand(wordsOf(text))
  return found && readWords(found.command, found.words, typing).given
}

const digest = `sha256:${'a'.repeat(64)}`

test.each([
  // Objects as they are pasted.
  ['tag delete quay.example/acme/web:v1', { repository: 'acme/web', tag: 'v1' }],
  ['tag delete docker://quay.example/acme/web:v1', { repository: 'acme/web', tag: 'v1' }],
  ['scan show "docker pull quay.example/acme/web:v1"', { repository: 'acme/web', tag: 'v1' }],
  ['repo show https://quay.example/repository/acme/web?tab=tags', { repository: 'acme/web' }],
  ['repo show <https://quay.example/repository/acme/web|quay.example/repository/acme/web>', { repository: 'acme/web' }],
  [`tag restore acme/web@${digest} v1`, { repository: 'acme/web', digest, tag: 'v1' }],
  ['build show https://quay.example/repository/acme/web/build/3592c8dd', { repository: 'acme/web', build: '3592c8dd' }],
  ['team members https://quay.example/organization/acme/teams/ops', { organization: 'acme', team: 'ops' }],
  ['team members acme/ops', { organization: 'acme', team: 'ops' }],
  ['org show https://quay.example/organization/acme', { organization: 'acme' }],
  ['user show https://quay.example/user/bea', { user: 'bea' }],
  ['tag move acme/web:v1 quay.example/acme/web:v2', { repository: 'acme/web', tag: 'v1', to: 'v2' }],
  ['org create foo <mailto:a@example.com|a@example.com>', { name: 'foo', email: 'a@example.com' }],
  ['org create foo email=<mailto:a@example.com>', { name: 'foo', email: 'a@example.com' }],
  ['mirror create acme/mc docker://quay.io/minio/mc', { repository: 'acme/mc', external_reference: 'quay.io/minio/mc' }],
  // Marks and characters of phones, editors and Japanese keyboards.
  ['repo show `acme/web`', { repository: 'acme/web' }],
  ['`repo show acme/web`', { repository: 'acme/web' }],
  ['repo show “acme/web”', { repository: 'acme/web' }],
  ['repo show \u200bacme/web\ufeff', { repository: 'acme/web' }],
  ['repo\u00a0show\u2003acme/web', { repository: 'acme/web' }],
  ['repo　show　ａｃｍｅ／ｗｅｂ', { repository: 'acme/web' }],
  ['repo visibility acme/web visibility＝ｐｕｂｌｉｃ', { repository: 'acme/web', visibility: 'public' }],
  ['user show ＠bea', { user: 'bea' }],
  ['repo show Acme/Web', { repository: 'acme/web' }],
  ['repo create acme/web —visibility public', { repository: 'acme/web', visibility: 'public' }],
  ['repo create acme/web description=「フロント　ページ」', { repository: 'acme/web', description: 'フロント　ページ' }],
  ['repo create acme/web description=`Front page`', { repository: 'acme/web', description: 'Front page' }],
  ['repo create acme/web description="uses `x`"', { repository: 'acme/web', description: 'uses `x`' }],
  // Flags.
  ['repo create acme/web --visibility=private', { repository: 'acme/web', visibility: 'private' }],
  ['repo create acme/web --public', { repository: 'acme/web', visibility: 'public' }],
  ['repo create acme/web --desc "Front page"', { repository: 'acme/web', description: 'Front page' }],
  ['repo show -n acme web', { repository: 'acme/web' }],
  ['repo list -n acme', { namespace: 'acme' }],
  ['repo list --org acme -o wide', { namespace: 'acme' }],
  ['build logs acme/web --whole', { repository: 'acme/web', whole: true }],
  ['build logs acme/web --no-whole', { repository: 'acme/web', whole: false }],
  [
    'build start acme/web https://x.example/a.zip --dockerTags v1,v2',
    { repository: 'acme/web', archive_url: 'https://x.example/a.zip', docker_tags: ['v1', 'v2'] },
  ],
  ['permission grant acme/web bea push', { repository: 'acme/web', to: 'bea', role: 'write' }],
  ['repo state acme/web readonly', { repository: 'acme/web', state: 'read-only' }],
  ['quota set acme 20Gi', { namespace: 'acme', size: '20 GiB' }],
  // Days and durations, by the person's own calendar.
  ['tag expire acme/web v1 tomorrow', { repository: 'acme/web', tag: 'v1', on: '2026-11-29' }],
  ['tag expire acme/web v1 in 3 days', { repository: 'acme/web', tag: 'v1', on: '2026-12-01' }],
  ['tag expire acme/web v1 on=next friday', { repository: 'acme/web', tag: 'v1', on: '2026-12-04' }],
  ['tag expire acme/web v1 2w', { repository: 'acme/web', tag: 'v1', on: '2026-12-12' }],
  ['tag expire acme/web v1 24 dec', { repository: 'acme/web', tag: 'v1', on: '2026-12-24' }],
  ['logs from=yesterday to=today', { from: '2026-11-27', to: '2026-11-28' }],
  ['logs from=2w', { from: '2026-11-14' }],
  ['logs from=last friday', { from: '2026-11-27' }],
  ['prune set acme/web older_than=30 days', { target: 'acme/web', older_than: '30d' }],
  ['mirror edit acme/mc interval=every 6 hours', { repository: 'acme/mc', interval: '6h' }],
  ['mirror edit acme/mc start=friday 18:00', { repository: 'acme/mc', start: '2026-12-04T17:00:00Z' }],
  ['subscription mute acme/web 4 hours', { repository: 'acme/web', for: '4h' }],
])('%s', (text, input) => {
  expect(inputOf(text)).toEqual(input)
})

test('a change of a tag is not taken for one of its repository, and a zero-width character in a name is refused', async () => {
  const before = changes().length
  expect((await bea.types('/quay repo delete acme/legacy:v1')).text).toMatch(
    /^Repository: Use the form namespace\/name.*You typed “acme\/legacy:v1”/,
  )
  expect((await bea.types('/quay repo show acme/le\u200bgacy')).text).toMatch(/^Repository: The name contains an invisible character\./)
  expect(changes().length).toBe(before)
})

test('an address of our registry works wherever its object does, and one of another registry is told apart from a refusal', async () => {
  expect((await alice.types(`/quay repo show http://${host}/repository/acme/api?tab=info`)).text).toContain('acme/api')
  expect((await alice.types(`/quay podman pull ${host}/acme/api`)).text).toContain('acme/api')
  expect((await alice.types('/quay repo show quay.io/minio/mc')).text).toBe(
    `quay.io/minio/mc is in another registry, quay.io. Quaymaster works with ${host}.`,
  )
  const modal = await bea.opens('/quay repo visibility')
  await bea.submits(modal, { repository: `http://${host}/repository/acme/shop`, visibility: 'private' })
  await expect.poll(async () => (await bea.sees()).at(-1)?.text, { timeout: 20_000 }).toContain('acme/shop')
})

test('a beginning of an id is enough where it is unique; what is run has the whole id in the audit log', async () => {
  const builds = quay.registry.repositories.find(({ name }) => name === 'api')?.builds ?? []
  const [build] = builds.toSorted((one, other) => other.started - one.started)
  const id = build?.uuid ?? ''
  expect((await alice.types(`/quay build show acme/api ${id.slice(0, 8)}`)).text).toMatch(/acme\/api/)
  const rows = await bot.db.select().from(audit)
  expect(rows.findLast(({ operation }) => operation === 'build show')?.input).toMatchObject({ build: id })
  await alice.types('/quay build list acme/api')
  expect((await alice.types('/quay build show #1')).text).toMatch(/acme\/api/)
  expect((await alice.types('/quay build show acme/api latest')).text).toMatch(/acme\/api/)
  expect((await alice.types('/quay build show acme/api #99')).text).toContain('No list that you saw has a row #99.')
})

test('a change of the latest opens filled with the one that is meant, and changes nothing by itself', async () => {
  const before = changes().length
  const modal = await bea.opens('/quay build retry acme/api latest')
  expect(modal.fields).toMatchObject({ repository: 'acme/api', build: expect.stringMatching(/^[0-9a-f-]{36}$/) })
  await bea.post('close', { view_id: modal.id })
  expect(changes().length).toBe(before)
})

test('the beginning of a digest, as the web console shows it, names its image', async () => {
  const seen = await alice.types('/quay acme/api:v1.1')
  const [, begun = ''] = /sha256:([0-9a-f]{8})/.exec(JSON.stringify(seen.blocks)) ?? []
  expect(begun).toHaveLength(8)
  for (const word of [`acme/api@sha256:${begun}`, `acme/api@${begun}`])
    expect((await alice.types(`/quay ${word}`)).text).toMatch(new RegExp(`^Image .*acme/api@sha256:${begun}`))
})

test('what is ambiguous is asked, and what is nearly right comes as a button', async () => {
  const asked = await dora.types('/quay delete acme/legacy')
  expect(asked.text).toBe('Did you mean one of these?')
  const robot = await bea.types('/quay robot create acme newci')
  expect(robot.text).toMatch(/^Robot.*: Use a name like acme\+ci/)
  const modal = await bea.pressesToOpen('Open it', robot)
  expect(modal.fields).toMatchObject({ robot: 'acme+newci' })
  await bea.post('close', { view_id: modal.id })
  const misspelt = await bea.types('/quay repo create acme/typo visiblity=public')
  const filled = await bea.pressesToOpen('Open it', misspelt)
  expect(filled.fields).toMatchObject({ repository: 'acme/typo', visibility: 'public' })
  await bea.post('close', { view_id: filled.id })
})

test('what no word names is searched for, and the best three are offered', async () => {
  const reply = await alice.types('/quay dockerfile subdirectory')
  expect(reply.text).toContain('Unknown command /quay dockerfile subdirectory.')
  const labels = reply.blocks.flatMap(({ elements = [] }) => elements.map(({ text }) => text?.text ?? ''))
  expect(labels.length).toBeGreaterThan(0)
  expect(labels.length).toBeLessThanOrEqual(3)
})

test('a hostile text is understood, or refused, at once', () => {
  const hostile = [
    'acme/'.repeat(2000),
    `${'a:'.repeat(3000)}@`,
    '`'.repeat(10_000),
    'list '.repeat(2000),
    `repo show ${'--x '.repeat(2000)}`,
    `list acme/${'a'.repeat(9000)}`,
    'create add set new make acme/web team org user repo tag build list show get run',
    `tag expire acme/web v1 ${'1 day '.repeat(1500)}`,
  ]
  for (const text of hostile) {
    const began = performance.now()
    readingOf(wordsOf(text), typing)
    expect(performance.now() - began, text.slice(0, 40)).toBeLessThan(3000)
  }
})
