import { afterAll, expect, test } from 'vitest'
import { readmeScopes } from '../../src/sandbox/quay/api.ts'
import { startBot } from '../start-bot.ts'
import { allOf } from './drawn.ts'

const { bea, quay } = await startBot({
  until: afterAll,
  scopes: readmeScopes.filter((scope) => scope !== 'user:admin'),
  policy: { approvals: [] },
})

test('with no more than the scopes that reading takes, a robot is shown with its teams and roles, and previewed before it is deleted', async () => {
  const shown = allOf(await bea.types('/quay robot show acme+ci'))
  expect(shown).toContain('• `acme/base` – write')
  expect(allOf(await bea.types('/quay robot delete acme+ci'))).toContain('• `acme/base` – write')
  // The token of a robot is asked for by nothing but its making.
  const asked = quay.exchanges.filter(({ path }) => path.includes('/robots'))
  expect(asked.length).toBeGreaterThan(0)
  expect(asked.filter(({ path }) => !path.includes('/robots?') || !path.includes('token=false'))).toEqual([])
})

test('what Quay does not show is said to be that, not to be nothing', async () => {
  const real = quay.registry.robots
  const robot = real.find(({ name }) => name === 'acme+ci')
  expect(robot).toBeDefined()
  // A deleted repository stays listed under a uuid until Quay's clean-up.
  await bea.types('/quay robot show acme+deploy')
  const base = quay.registry.repositories.find(({ namespace, name }) => `${namespace}/${name}` === 'acme/base')
  const gone = { ...structuredClone(base!), name: '1e3a58d2-6f60-4b0c-9d4e-0a1b2c3d4e5f' } // it is seeded
  quay.registry.deletedRepositories.push(gone)
  const shown = allOf(await bea.types('/quay robot show acme+ci'))
  expect(shown).toContain('• `acme/base` – write')
  expect(shown).not.toContain('1e3a58d2')
})
