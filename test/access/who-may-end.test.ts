import { eq } from 'drizzle-orm'
import { afterAll, expect, test } from 'vitest'
import { accessGrants, audit } from '../../src/db/schema.ts'
import { startBot } from '../start-bot.ts'

// A temporary permission ends early by whoever has it, or by an admin of what it is on; to anybody else it does not exist.

const started = await startBot({ until: afterAll, policy: { approvals: [] } })
const { alice, bea, bot, repository } = started
const roles = () => repository('acme/shop')?.userPermissions

async function given(to: string) {
  await bea.types(`/quay permission grant acme/shop ${to} write for=2h`)
  expect(roles()).toMatchObject({ [to]: 'write' })
  const [grant] = await bot.db.select().from(accessGrants).where(eq(accessGrants.state, 'active'))
  return grant?.id ?? ''
}

test('somebody else who is no admin ends nothing, and does not learn that it is there', async () => {
  const id = await given('hana')
  for (const nobody of [alice, started.eve, started.grace]) {
    const refused = await nobody.types(`/quay access end ${id}`, nobody === alice ? 'acme-dev' : undefined)
    expect(refused.text, nobody.name).not.toContain('hana')
    expect(refused.text, nobody.name).not.toContain('ended')
  }
  expect(roles()).toMatchObject({ hana: 'write' })
  expect((await alice.types(`/quay access end ${id}`)).text).toBe(
    (await alice.types('/quay access end k7f3m2qxa')).text.replace('k7f3m2qxa', id),
  )
  const done = await bea.types(`/quay access end ${id}`)
  expect(done.text).toMatch(/Temporary access ended: hana no longer has/)
  expect(roles()).not.toHaveProperty('hana')
})

test('who has it ends it without being an admin, once, and it is in the audit log', async () => {
  const id = await given('alice')
  expect((await alice.types(`/quay access end ${id}`)).text).toMatch(/Temporary access ended: alice no longer has/)
  expect(roles()).not.toHaveProperty('alice')
  expect((await alice.types(`/quay access end ${id}`)).text).toContain('Already over: ')
  const rows = await bot.db.select().from(audit).where(eq(audit.account, 'alice'))
  expect(rows.filter(({ operation }) => operation === 'access end').map(({ phase }) => phase)).toContain('finished')
})
