import { afterAll, expect, test } from 'vitest'
import { startBot } from '../start-bot.ts'
import { allOf, dryRun, whileDown } from './drawn.ts'

const started = await startBot({ until: afterAll, policy: { approvals: [] } })
const { alice, bea, quay, repository, changes } = started

test('deleting a repository shows its tags, size and last push, and is pressed', async () => {
  const preview = await bea.types('/quay repo delete acme/legacy')
  expect(preview.text).toMatch(/^Permanently delete <.*\|acme\/legacy>\?$/)
  expect(allOf(preview)).toMatch(/\*Tags\*\n12\n\*Size\*\n10\.9 GB\n\*Last push\*\n<!date/)
  expect(repository('acme/legacy')).toBeDefined()

  expect((await bea.presses('Delete', preview)).text).toBe('Deleted `acme/legacy`.')
  expect(repository('acme/legacy')).toBeUndefined()
  expect((await bea.types('/quay repo delete acme/legacy')).text).toBe('Repository acme/legacy not found.')
})

test('somebody pushes between the look and the press: it is shown again, and nothing is deleted', async () => {
  const preview = await bea.types('/quay repo delete acme/base')
  quay.registry.pushTag('acme/base', 'ubi10')
  const again = await bea.presses('Delete', preview)
  expect(allOf(again)).toContain('This has changed since you viewed it. Check again:')
  expect(repository('acme/base')).toBeDefined()
})

test('Quay’s answer to deleting is lost: that it is gone answers it', async () => {
  const preview = await bea.types('/quay repo delete acme/base')
  quay.faults({ cut: true, match: 'DELETE /api/v1/repository/acme/base', times: 1 })
  expect((await bea.presses('Delete', preview)).text).toBe('Deleted `acme/base`.')
  expect(changes().filter((call) => call === 'DELETE /api/v1/repository/acme/base')).toHaveLength(1)
})

test('a repository becomes public, and is found to be', async () => {
  expect((await bea.types('/quay repo visibility acme/api public')).text).toMatch(/\|acme\/api> is now public\.$/)
  expect(repository('acme/api')?.visibility).toBe('public')
  expect((await bea.types('/quay repo visibility acme/api public')).text).toMatch(/ is already public\.$/)
  expect((await bea.types('/quay repo visibility acme/api private')).text).toMatch(/ is now private\.$/)
})

test('who writes describes: the modal opens with what Quay has, and saves what changed', async () => {
  const modal = await alice.opens('/quay repo description acme/api')
  expect(modal.fields).toMatchObject({ repository: 'acme/api', description: 'The API of the shop' })
  expect((await alice.types('/quay repo description acme/api "Orders and payments"')).text).toMatch(/Description of .*:$/)
  expect(repository('acme/api')?.description).toBe('Orders and payments')
  expect((await alice.types('/quay repo description acme/api description=""')).text).toMatch(/Cleared the description of .*\.$/)
  expect(repository('acme/api')?.description).toBe('')
})

test('a repository becomes read-only and normal again', async () => {
  expect((await bea.types('/quay repo state acme/api read-only')).text).toMatch(/ is now read-only\.$/)
  expect(repository('acme/api')?.state).toBe('READ_ONLY')
  expect((await bea.types('/quay repo state acme/api normal')).text).toMatch(/ now accepts pushes\.$/)
})

test('writing is not enough to delete, publish or freeze, and reading not to describe', async () => {
  for (const command of ['delete acme/api', 'visibility acme/api public', 'state acme/api read-only']) {
    const reply = await alice.types(`/quay repo ${command}`)
    expect(reply.text).toBe('You need to be an *admin* of acme/api.')
    expect(allOf(reply)).toContain('<@U0BEA> or <@U0CARL> can help.')
  }
  expect((await alice.types('/quay repo description acme/shop Mine')).text).toBe('You need *write* permission on acme/shop.')
  // Missing and forbidden are one sentence.
  expect((await alice.types('/quay repo delete acme/nothing')).text).toBe('You need to be an *admin* of acme/nothing.')
})

test('a dry run changes nothing, and Quay being down is said', async () => {
  expect(await dryRun(started, 'bea', '/quay repo delete acme/shop')).toContain('DELETE /api/v1/repository/acme/shop')
  expect(await dryRun(started, 'bea', '/quay repo visibility acme/shop private')).toContain('changevisibility {"visibility":"private"}')
  expect(await dryRun(started, 'bea', '/quay repo description acme/shop New')).toContain('PUT /api/v1/repository/acme/shop')
  expect(await dryRun(started, 'bea', '/quay repo state acme/shop read-only')).toContain('changestate {"state":"READ_ONLY"}')
  expect(await whileDown(started, 'bea', '/quay repo visibility acme/shop private')).toBe('Quay is not available right now.')
})
