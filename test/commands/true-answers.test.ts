import { afterAll, expect, test } from 'vitest'
import { startBot } from '../start-bot.ts'

const { alice, bea, dora, quay } = await startBot({ until: afterAll, policy: { approvals: [] } })

test('can-i about what does not exist: whoever would have every right there is told so, all others read the same no', async () => {
  expect((await bea.types('/quay can-i write acme/nowhere')).text).toBe('Repository acme/nowhere not found.')
  expect((await dora.types('/quay can-i admin nobodys')).text).toBe('Organization nobodys not found.')
  expect((await dora.types('/quay can-i write nobodys/thing')).text).toBe('Repository nobodys/thing not found.')
  const no = (object: string) => `No, you don’t have *admin* permission on \`${object}\`.`
  expect((await alice.types('/quay can-i admin globex/nowhere')).text).toBe(no('globex/nowhere'))
  expect((await alice.types('/quay can-i admin globex/secret')).text).toBe(no('globex/secret'))
  expect((await bea.types('/quay can-i write acme/api')).text).toBe('Yes, you have *write* permission on `acme/api`.')
})

test('a name=value that is no field is refused instead of becoming the value of another one', async () => {
  const before = quay.registry.repositories.length
  expect((await bea.types('/quay repo create acme/blue colour=blue')).text).toMatch(
    /^Unknown field colour\. Available fields: repository, .*visibility.*\./,
  )
  expect((await bea.types('/quay repo description acme/api titel=Hello')).text).toMatch(/^Unknown field titel\./)
  expect(quay.registry.repositories.length).toBe(before)
  expect((await bea.types('/quay repo create acme/equal description="a=b and c=d"')).text).toContain('acme/equal')
})

test('a quota is said in the unit that it was typed in', async () => {
  expect((await dora.types('/quay quota set acme "500 GB"')).text).toContain('500 GB')
  expect((await dora.types('/quay quota set acme 10GiB')).text).toContain('10 GiB')
  expect(JSON.stringify(await dora.types('/quay quota show acme'))).toContain('10 GiB')
})
