import { expect, test } from 'vitest'
import { startBot } from '../start-bot.ts'

async function started() {
  const all = await startBot({ policy: { approvals: [] } })
  const api = all.quay.registry.repositories.find(({ name }) => name === 'api')
  if (!api) throw new Error('the seed has acme/api')
  const digest = (name: string) => api.tags.findLast((tag) => tag.name === name && tag.end === null)?.digest
  return { ...all, api, digest }
}

const inThirtyDays = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10)

test('a writer moves, deletes, restores and ends tags; what goes is shown and pressed', async () => {
  const { alice, quay, changes, digest, clock } = await started()
  const list = await alice.types('/quay tag list acme/api')
  expect(list.text).toMatch(/^3 tags of <.*\|acme\/api>: latest, v1\.1, v1\.0$/)
  expect(JSON.stringify(list.blocks)).toMatch(/• latest – 86 MB, \w{12}, 20\d\d-/)
  expect((await alice.types('/quay tag list acme/api like=v1.')).text).toContain('2 tags of')
  expect((await alice.types('/quay tag list acme/api like=v7')).text).toMatch(/^No tag of <.*> has “v7” in its name\.$/)

  expect((await alice.types('/quay tag move acme/api latest v1.0 --dry-run')).text).toContain('PUT /api/v1/repository/acme/api/tag/latest')
  expect(changes()).toEqual([])
  const moved = await alice.types('/quay tag move acme/api latest v1.0')
  expect(moved.text).toMatch(/^`acme\/api:latest` now points to `v1.0` \(`sha256:\w+`\)\.$/)
  expect(digest('latest')).toBe(digest('v1.0'))
  clock.advance(1000)
  expect((await alice.types('/quay tag restore acme/api latest')).text).toContain('again')
  expect(digest('latest')).toBe(digest('v1.1'))
  expect(JSON.stringify((await alice.types('/quay tag history acme/api latest')).blocks)).toContain('restored')
  expect((await alice.types('/quay tag move acme/api latest v9')).text).toBe('acme/api has no tag v9.')
  expect((await alice.types('/quay tag move acme/api .bad v1.0')).text).toContain('Use letters, digits')

  const preview = await alice.types('/quay tag delete acme/api v1.0')
  expect(JSON.stringify(preview.blocks)).toMatch(/Delete `acme\/api:v1.0`\?.*84 MB.*Last pull/)
  expect(digest('v1.0')).toBeDefined()
  expect((await alice.presses('Delete', preview)).text).toBe('Deleted `acme/api:v1.0`.')
  expect(digest('v1.0')).toBeUndefined()
  expect((await alice.types('/quay tag delete acme/api v1.0')).text).toBe('acme/api has no tag v1.0.')

  expect((await alice.presses('Change', await alice.types(`/quay tag expire acme/api v1.1 ${inThirtyDays}`))).text).toMatch(
    /^`acme\/api:v1\.1` expires on <!date/,
  )
  expect((await alice.presses('Change', await alice.types('/quay tag expire acme/api v1.1 never=yes'))).text).toBe(
    '`acme/api:v1.1` no longer expires.',
  )
  expect((await alice.types('/quay tag expire acme/api v1.1 2020-01-01')).text).toBe('The date must be in the future.')
  expect((await alice.types('/quay tag expire acme/api v1.1')).text).toBe('Enter either an expiration date or no expiration.')

  expect((await alice.types('/quay tag list globex/secret')).text).toContain('You need *read* permission on globex/secret.')
  for (const words of [
    'move globex/site latest latest',
    'delete globex/site latest',
    'restore globex/site latest',
    'expire globex/site latest never=yes',
  ])
    expect((await alice.types(`/quay tag ${words}`)).text).toContain('You need *write* permission on globex/site.')
  quay.faults({ status: 503 })
  expect((await alice.types('/quay tag list acme/api')).text).toBe('Quay is not available right now.')
})

test('a scan counts what was found, says where it is fixed, and is compared with another', async () => {
  const { alice, api, quay } = await started()
  const scan = await alice.types('/quay scan show acme/api')
  expect(scan.text).toMatch(/^3 vulnerabilities in <.*\|acme\/api:latest>: /)
  expect(JSON.stringify(scan.blocks)).toMatch(
    /:red_circle: 1 critical {3}:large_orange_circle: 1 high {3}:large_yellow_circle: 1 medium · 2 fixable/,
  )
  expect(JSON.stringify(scan.blocks)).toMatch(/• CVE-2026-1042 – Critical, openssl-libs .*, 1:3.0.7-28.el9.*CVE-2025-9931.*no fix yet/)
  expect(JSON.stringify((await alice.types('/quay scan show acme/api v1.0')).blocks)).toContain(
    'Not scanned yet. Try again in a few minutes.',
  )
  expect((await alice.types('/quay scan diff acme/api v1.0')).text).toBe('acme/api:v1.0 has not been scanned yet (queued).')

  const [old] = api.manifests
  if (old) old.scan = { status: 'scanned', features: [] }
  expect((await alice.types('/quay scan diff acme/api v1.0')).text).toMatch(
    /^From `v1.0` to `latest` of \*acme\/api\*: 3 new vulnerabilities, none resolved: /,
  )
  const back = await alice.types('/quay scan diff acme/api latest v1.0')
  expect(JSON.stringify(back.blocks)).toMatch(/Resolved: .*• CVE-2026-1042 – .*, resolved/)

  expect((await alice.types('/quay scan show acme/api v7')).text).toBe('acme/api has no tag v7.')
  expect((await alice.types('/quay scan show globex/secret')).text).toContain('You need *read* permission on globex/secret.')
  quay.faults({ status: 503 })
  expect((await alice.types('/quay scan show acme/api')).text).toBe('Quay is not available right now.')
})
