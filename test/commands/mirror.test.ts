import { expect, test } from 'vitest'
import { startBot } from '../start-bot.ts'
import { allOf } from './drawn.ts'

// The document's own bodies (15.4.9), word for word.
const minimal =
  '{"external_reference": "quay.io/minio/mc", "external_registry_username": "", "sync_interval": 600, "sync_start_date": "2021-08-06T11:11:39Z", "root_rule": {"rule_kind": "tag_glob_csv", "rule_value": [ "latest" ]}, "robot_username": "acme+ci"}'
const extended =
  '{"is_enabled": true, "external_reference": "quay.io/minio/mc", "external_registry_username": "username", "external_registry_password": "password", "external_registry_config": {"unsigned_images":true, "verify_tls": false, "proxy": {"http_proxy": "http://proxy.tld", "https_proxy": "https://proxy.tld", "no_proxy": "domain"}}, "sync_interval": 600, "sync_start_date": "2021-08-06T11:11:39Z", "root_rule": {"rule_kind": "tag_glob_csv", "rule_value": [ "*latest*" ]}, "robot_username": "acme+ci"}'

/** The bodies that arrive at the simulated Quay, before it takes the credentials out of what it records. */
async function started() {
  const all = await startBot({ policy: { approvals: [] } })
  const bodies = () =>
    all.quay.exchanges
      .filter(({ method, path }) => method === 'POST' && path.endsWith('/mirror'))
      .map(({ body }) => body as Record<string, unknown>)
  const mirrors = () => all.quay.registry.repositories.flatMap(({ name, mirror }) => (mirror ? [{ name, ...mirror }] : []))
  return { ...all, bodies, mirrors }
}

test('mirror create sends the document’s minimal body, byte for byte but for the field that newer releases want', async () => {
  const { bea, bodies, changes } = await started()

  const dry = await bea.types('/quay mirror create acme/mc quay.io/minio/mc start=2021-08-06T11:11:39Z robot=acme+ci --dry-run')
  expect(dry.text).toContain('POST /api/v1/repository/acme/mc/mirror')
  expect(changes()).toEqual([])

  const reply = await bea.types('/quay mirror create acme/mc quay.io/minio/mc start=2021-08-06T11:11:39Z robot=acme+ci')
  expect(reply.text).toMatch(/^Created <.*\|acme\/mc> as a mirror of `quay.io\/minio\/mc`\.$/)
  expect(JSON.stringify(reply.blocks)).toContain('Syncs `latest` every 10 minutes.')
  const { skopeo_timeout_interval: timeout, ...rest } = bodies()[0] ?? {}
  expect(timeout).toBe(300)
  expect(JSON.stringify(rest)).toBe(JSON.stringify(JSON.parse(minimal)))
})

test('mirror create sends the document’s extended body; the password comes by the modal alone and is written nowhere', async () => {
  const { bea, bodies, mirrors, log } = await started()
  expect((await bea.types('/quay mirror create acme/mc quay.io/minio/mc password=hunter2')).text).toContain('is a credential')

  const opened = await bea.opens('/quay mirror create')
  const modal = await bea.pressesIn('modal:more', opened)
  await bea.submits(modal, {
    repository: 'acme/mc',
    external_reference: 'quay.io/minio/mc',
    tags: '*latest*',
    interval: '10m',
    start: '2021-08-06T11:11:39Z',
    robot: 'acme+ci',
    enabled: 'yes',
    username: 'username',
    password: 'Canary-7d1c',
    verify_tls: 'no',
    unsigned_images: 'yes',
    http_proxy: 'http://proxy.tld',
    https_proxy: 'https://proxy.tld',
    no_proxy: 'domain',
  })
  await expect.poll(() => bodies().length, { timeout: 20_000 }).toBe(1)
  const { skopeo_timeout_interval: _, ...rest } = bodies()[0] ?? {}
  expect(JSON.stringify(rest)).toBe(JSON.stringify({ ...JSON.parse(extended), external_registry_password: '[credential]' }))
  expect(mirrors()[0]?.password).toBe('Canary-7d1c')
  await expect.poll(async () => JSON.stringify(await bea.sees())).toContain('as a mirror of')
  expect(`${log()}${JSON.stringify(await bea.sees())}`).not.toContain('Canary-7d1c')
})

test('what is missing is made by who may make it, and handed over; a mirror is made once', async () => {
  const { alice, bea, quay, changes, mirrors } = await started()
  // alice may create repositories, but robots are for admins.
  expect((await alice.types('/quay mirror create acme/mc quay.io/minio/mc')).text).toContain('You need to be an *admin* of acme.')
  expect((await alice.types('/quay mirror create acme/shop quay.io/minio/mc')).text).toContain('You need to be an *admin* of acme/shop.')
  expect((await alice.types('/quay mirror create globex/mc quay.io/minio/mc')).text).toContain('You need the *creator* role in globex.')

  const made = await bea.types('/quay mirror create acme/mirrored quay.io/minio/mc enabled=no tags=latest,v3.*')
  expect(JSON.stringify(made.blocks)).toContain('The mirror is disabled: it syncs only on request.')
  expect(JSON.stringify(made.blocks)).toContain('Robot account `acme+mirror` (created) pushes the images. Check the status with')
  expect(mirrors()).toMatchObject([{ name: 'mirrored', robot: 'acme+mirror', rule: ['latest', 'v3.*'], enabled: false, syncInterval: 600 }])
  expect(quay.registry.repositories.find(({ name }) => name === 'mirrored')).toMatchObject({
    state: 'MIRROR',
    userPermissions: { bea: 'admin' },
  })
  expect(changes()).toContain('DELETE /api/v1/repository/acme/mirrored/permissions/user/quaymaster')

  expect((await bea.types('/quay mirror create acme/mirrored quay.io/minio/mc')).text).toBe(
    'acme/mirrored is already a mirror of quay.io/minio/mc. Change it with /quay mirror edit acme/mirrored.',
  )
  const odd = await bea.types('/quay mirror create acme/other 10.0.0.1:5000/a/b')
  expect(allOf(odd)).toContain(
    'The mirror was not created, and what was created for it was deleted again. Quay says: The provided registry location is not allowed',
  )
  expect(quay.registry.repositories.some(({ name }) => name === 'other')).toBe(false)
  expect((await bea.types('/quay mirror create acme/another https://quay.io/minio/mc')).text).toContain(
    'as a mirror of `quay.io/minio/mc`.',
  )
})

test('a mirror tells how it went, is changed by what differs alone, run and cancelled', async () => {
  const { alice, bea, quay, clock, changes, mirrors } = await started()
  await bea.types('/quay mirror create acme/mc quay.io/minio/fail interval=1d')
  clock.advance(1500)
  quay.tick()
  clock.advance(4000)
  quay.tick()
  const failed = await bea.types('/quay mirror show acme/mc')
  expect(failed.text).toMatch(/^<.*\|acme\/mc>: mirror of `quay.io\/minio\/fail`$/)
  expect(JSON.stringify(failed.blocks)).toMatch(/Last sync failed\..*Last sync failed on .*with tag pattern.*Next sync/)

  const before = changes().length
  const edited = await bea.types('/quay mirror edit acme/mc external_reference=quay.io/minio/mc interval=1d http_proxy=http://proxy.tld')
  expect(edited.text).toMatch(/^Changed the mirror/)
  expect(changes().slice(before)).toEqual(['PUT /api/v1/repository/acme/mc/mirror', 'PUT /api/v1/repository/acme/mc/mirror'])
  const puts = quay.exchanges.filter(({ method }) => method === 'PUT').map(({ body }) => body)
  expect(puts.slice(-2)).toEqual([
    { external_reference: 'quay.io/minio/mc' },
    { external_registry_config: { proxy: { http_proxy: 'http://proxy.tld' } } },
  ])
  expect((await bea.types('/quay mirror edit acme/mc interval=1d')).text).toContain('The mirror already has these settings.')

  expect((await bea.types('/quay mirror cancel acme/mc')).text).toBe('acme/mc is not syncing.')
  expect((await bea.types('/quay mirror sync acme/mc')).text).toBe('Sync of *acme/mc* queued.')
  expect((await bea.types('/quay mirror cancel acme/mc')).text).toBe('Cancelled the sync of *acme/mc*.')
  expect(mirrors()[0]?.status).toBe('CANCEL')

  expect((await bea.types('/quay mirror show acme/api')).text).toBe('acme/api is not a mirror.')
  const refused = await alice.opens('/quay mirror edit acme/api')
  expect(JSON.stringify(refused.blocks)).toContain('You need to be an *admin* of acme/api.')
  for (const command of ['show', 'sync', 'cancel'])
    expect((await alice.types(`/quay mirror ${command} acme/api`)).text).toContain('You need to be an *admin* of acme/api.')
  quay.faults({ status: 503 })
  expect((await bea.types('/quay mirror show acme/mc')).text).toBe('Quay is not available right now.')
})

test('Quay does not answer for the mirror: the repository is alice’s all the same, and what is left waits for Retry', async () => {
  const { alice, quay, changes, mirrors } = await started()
  quay.faults({ status: 503, match: 'POST /api/v1/repository/acme/mc/mirror', times: 2 })
  const reply = await alice.types('/quay mirror create acme/mc quay.io/minio/mc robot=acme+ci')
  expect(allOf(reply)).toMatch(
    /:white_check_mark: Give alice the role admin.*\n.*\n:x: Make acme\/mc a mirror of .*: Quay is not available right now\./,
  )
  expect(quay.registry.repositories.find(({ name }) => name === 'mc')?.userPermissions).toMatchObject({ alice: 'admin' })

  const again = await alice.presses('Retry', reply)
  expect(allOf(again)).not.toContain('Not everything is done:')
  expect(mirrors()).toMatchObject([{ name: 'mc', externalReference: 'quay.io/minio/mc' }])
  expect(changes().at(-1)).toBe('DELETE /api/v1/repository/acme/mc/permissions/user/quaymaster')
})

test('Quay makes the mirror, or its repository, but its answer is lost: it is found as asked for, and made once', async () => {
  const { alice, bea, quay, changes, repository } = await started()
  quay.faults({ cut: true, match: 'POST /api/v1/repository/acme/api/mirror', times: 1 })
  const preview = await bea.types('/quay mirror create acme/api quay.io/minio/mc robot=acme+ci')
  expect((await bea.presses('Create', preview)).text).toMatch(/acme\/api> is now a mirror of/)
  expect(changes().filter((call) => call === 'POST /api/v1/repository/acme/api/mirror')).toHaveLength(1)

  quay.faults({ cut: true, match: 'POST /api/v1/repository', times: 1 })
  await alice.types('/quay mirror create acme/mc quay.io/minio/mc robot=acme+ci')
  expect(repository('acme/mc')).toMatchObject({ state: 'MIRROR', userPermissions: { alice: 'admin' } })
})

test('a password is kept for no Retry: the modal asks for it again', async () => {
  const { alice, quay, mirrors } = await started()
  quay.faults({ status: 503, match: 'POST /api/v1/repository/acme/mc/mirror', times: 2 })
  const modal = await alice.pressesIn('modal:more', await alice.opens('/quay mirror create'))
  const given = {
    repository: 'acme/mc',
    external_reference: 'quay.io/minio/mc',
    robot: 'acme+ci',
    username: 'acme',
    password: 'Canary-7d1c',
  }
  await alice.submits(modal, given)
  await expect.poll(async () => JSON.stringify(await alice.sees()), { timeout: 20_000 }).toContain('Retry')
  const left = (await alice.sees()).at(-1)
  const again = await alice.presses('Retry', { ts: left?.ts ?? '' })
  expect(allOf(again)).toContain('The password was not kept. Type /quay mirror create acme/mc')
  expect(mirrors()).toEqual([])
})
