import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { answerPolicy } from '../../src/app/policy-command.ts'

const folder = await mkdtemp(join(tmpdir(), 'quaymaster-terms-'))
afterAll(() => rm(folder, { recursive: true, force: true }))

async function answer(policy: string, command: string, input: object, more: string[] = []) {
  const file = join(folder, 'policy.yml')
  await writeFile(file, policy)
  return (await answerPolicy(['test', file, '--command', command, '--input', JSON.stringify(input), ...more])).text
}

const policy = `
protected: [platform]
temporary:
  required:
    - { permissions: [admin], namespaces: ["prod-*"], requesters: [S0DEV], longest: 12h }
  longest: 2d
`
const admin = { repository: 'prod-x/web', to: 'carl', role: 'admin' }

test('the policy command says what has to end, and how long it may last: by permission, namespace and person', async () => {
  const dev = ['--person', 'U0ALICE', '--groups', 'S0DEV']
  expect(await answer(policy, 'permission grant', admin, dev)).toContain(
    'It must be temporary: 12h at most. This request has no end, so it is refused.',
  )
  expect(await answer(policy, 'permission grant', { ...admin, for: '8h' }, dev)).toContain('It must be temporary: 12h at most.\n')
  expect(await answer(policy, 'permission grant', { ...admin, for: '13h' }, dev)).toContain('This request is longer, so it is refused.')
  expect(await answer(policy, 'permission grant', admin)).toContain('It can be temporary: 2d at most.\n')
  expect(await answer(policy, 'permission grant', { ...admin, repository: 'acme/web' }, dev)).toContain('It can be temporary: 2d at most.')
  expect(await answer(policy, 'permission grant', { ...admin, role: 'write' }, dev)).toContain('It can be temporary')
  const admins = { repository: 'prod-x/web', admins: ['carl'] }
  expect(await answer(policy, 'repo create', admins, dev)).toContain(
    'It must be temporary: 12h at most. This request has no end, so it is refused.',
  )
})

test('what is wrong in the new parts of a policy is said with its line and an example', async () => {
  const wrong = async (text: string) => answer(text, 'permission grant', admin)
  expect(await wrong('temporary: { required: [{ permissions: [owner] }] }\n')).toMatch(
    /policy\.yml:1: temporary\.required\[1\]\.permissions/,
  )
  expect(
    await wrong('break-glass: [{ people: [U0ALICE], permissions: [write], namespaces: [acme], channel: C0OPS, longest: 5h }]\n'),
  ).toContain('must be 4h at most')
  expect(await wrong('break-glass: [{ permissions: [write], namespaces: [acme], channel: C0OPS }]\n')).toContain('break-glass[1].people')
})
