import { expect, test } from 'vitest'
import { startBot } from '../start-bot.ts'

test('quotas are seen by members and set by superusers, with their limits as steps', async () => {
  const { alice, bea, dora, quay, changes } = await startBot({ policy: { approvals: [] } })
  const acme = () => quay.registry.organizations.find(({ name }) => name === 'acme')?.quotas
  expect((await alice.types('/quay quota show acme')).text).toBe('*acme* has no storage quota.')
  expect((await alice.types('/quay quota show globex')).text).toContain('You need to be a *member* of globex.')
  expect((await bea.types('/quay quota set acme 10GiB')).text).toContain('You need to be a *superuser* of Quay.')

  const dry = await dora.types('/quay quota set acme "10 GiB" warn=80 --dry-run')
  expect(dry.text).toContain('"limit_bytes":10737418240')
  expect(dry.text).toContain('/limit')
  expect(changes()).toEqual([])

  expect((await dora.types('/quay quota set acme "10 GiB" warn=80 reject=100')).text).toBe('Quota of *acme* set to 10 GiB.')
  expect(acme()).toMatchObject([
    {
      limitBytes: 10 * 1024 ** 3,
      limits: [
        { type: 'Warning', percent: 80 },
        { type: 'Reject', percent: 100 },
      ],
    },
  ])
  await dora.types('/quay quota set acme 500MB warn=90')
  expect(acme()).toMatchObject([
    {
      limitBytes: 500_000_000,
      limits: [
        { type: 'Reject', percent: 100 },
        { type: 'Warning', percent: 90 },
      ],
    },
  ])
  expect(JSON.stringify((await alice.types('/quay quota show acme')).blocks)).toMatch(
    /Quota of \*acme\*: 500 MB\..*Reject pushes at 100 %.*Warn at 90 %/,
  )
  expect((await dora.types('/quay quota set acme lots')).text).toContain('Enter a size like 10 GiB or 500 MB')
  expect((await dora.types('/quay quota set alice 1GiB')).text).toBe('Quota of *alice* set to 1 GiB.')
  expect((await dora.types('/quay quota set alice 1GiB warn=50')).text).toBe('Quay supports thresholds only for organizations.')

  const preview = await dora.types('/quay quota delete acme')
  expect(preview.blocks).toMatchObject([{ text: { text: 'Delete the quota of *acme* (500 MB) and its 2 thresholds?' } }, {}])
  expect((await dora.presses('Delete', preview)).text).toBe('Deleted the quota of *acme*.')
  expect((await dora.types('/quay quota delete acme')).text).toBe('acme has no quota of its own.')
  quay.faults({ status: 503 })
  expect((await alice.types('/quay quota show acme')).text).toBe('Quay is not available right now.')
})

test('auto-prune shows which tags go before it is set, and again what holds', async () => {
  const { alice, bea, quay, changes } = await startBot({ policy: { approvals: [] } })
  const legacy = () => quay.registry.repositories.find(({ name }) => name === 'legacy')?.prunePolicies
  expect((await bea.types('/quay prune show acme/legacy')).text).toBe('*acme/legacy* has no auto-prune policies of its own.')
  expect((await bea.types('/quay prune preview acme/legacy')).text).toBe('No auto-prune policy applies to *acme/legacy*.')

  const preview = await bea.types('/quay prune set acme/legacy keep=10')
  expect(JSON.stringify(preview.blocks)).toMatch(/Keeps the newest 10 tags\..*2 tags would be deleted soon: `2024\.2`, `2024\.1`/)
  expect(changes()).toEqual([])
  expect((await bea.presses('Set', preview)).text).toBe('Auto-prune policy of *acme/legacy* set.')
  expect(legacy()).toMatchObject([{ method: 'number_of_tags', value: 10 }])
  const again = await bea.types('/quay prune set acme/legacy keep=11')
  expect(JSON.stringify(again.blocks)).toContain('Replaces: Keeps the newest 10 tags.')
  await bea.presses('Set', again)
  expect(legacy()).toMatchObject([{ value: 11 }])
  await bea.presses('Set', await bea.types('/quay prune set acme older_than=52w pattern=^pr-'))
  const soon = await bea.types('/quay prune preview acme/legacy')
  expect(soon.text).toBe('1 tag of *acme/legacy* will be deleted soon.')
  expect(JSON.stringify(soon.blocks)).toContain('Deletes tags older than `52w` that match `^pr-`. No tags to delete.')

  expect((await bea.types('/quay prune set acme/legacy')).text).toBe('Enter either the number of tags to keep or a maximum age.')
  expect((await bea.types('/quay prune set acme/legacy/tag/x keep=1')).text).toContain(
    'Quay can’t address this repository safely. Rename it in the Quay web console.',
  )
  expect((await bea.presses('Delete', await bea.types('/quay prune delete acme/legacy'))).text).toBe(
    'Deleted 1 auto-prune policy of *acme/legacy*.',
  )
  expect((await bea.types('/quay prune delete acme/legacy')).text).toBe('acme/legacy has no auto-prune policies of its own.')
  for (const words of ['show acme', 'show acme/api', 'set acme keep=3', 'delete acme', 'preview acme/api'])
    expect((await alice.types(`/quay prune ${words}`)).text).toContain('You need to be an *admin* of acme')
  quay.faults({ status: 503 })
  expect((await bea.types('/quay prune show acme')).text).toBe('Quay is not available right now.')
})
