import { expect, test } from 'vitest'
import { startBot } from '../start-bot.ts'

// A permission that cannot be looked up is neither had nor missing (docs/SECURITY.md rule 2: the check fails closed, and says why).

test('whichever of the calls behind a permission Quay does not answer, nothing changes and nobody is told that they lack it', async () => {
  const { bea, bot, quay, repository } = await startBot({ policy: { approvals: [] } })
  bot.quay.limits = { ...bot.quay.limits, pauses: [] }
  const before = quay.exchanges.length
  const grants = async () => (await bea.types('/quay permission grant acme/api hana read')).text
  expect(await grants()).toMatch(/^Granted \*read\*/)
  const asked = quay.exchanges.slice(before).flatMap(({ method, path }) => (method === 'GET' && /acme|bea/.test(path) ? [path] : []))
  expect(asked.length).toBeGreaterThan(2)
  for (const path of new Set(asked.map((one) => one.replace(/\?.*/, '')))) {
    quay.faults({ status: 503, match: `GET ${path}` })
    const said = await grants()
    quay.faults(undefined)
    expect(said, path).not.toContain('You need')
    expect(said, path).not.toContain('not found')
  }
  expect(repository('acme/api')?.userPermissions.hana).toBe('read')
})
