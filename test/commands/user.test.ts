import { afterAll, expect, test } from 'vitest'
import { startBot } from '../start-bot.ts'
import { allOf, dryRun, whileDown } from './drawn.ts'

const started = await startBot({ until: afterAll, policy: { approvals: [] } })
const { alice, dora, quay, changes, log } = started
const userOf = (name: string) => quay.registry.users.find((user) => user.name === name)

test('only superusers reach the accounts, and the refusal says who could help', async () => {
  const before = changes().length
  const commands = [
    'user list',
    'user show bea',
    'user create jo email=jo@example.com',
    'user enable ivan',
    'user disable ivan',
    'user delete ivan',
    'user reset-password ivan',
  ]
  for (const command of commands) {
    const reply = await alice.types(`/quay ${command}`)
    expect(reply.text).toBe('You need to be a *superuser* of Quay.')
    expect(allOf(reply)).toContain('<@U0DORA>')
  }
  expect(changes()).toHaveLength(before)
})

test('dora lists the accounts: name, e-mail, superuser, disabled, a hundred a page, and cannot share it', async () => {
  for (let number = 10; number < 160; number++)
    quay.registry.users.push({ ...structuredClone(userOf('ivan')!), name: `user${number}`, verified: false }) // ivan is seeded
  Object.assign(userOf('user10') ?? {}, { enabled: false, email: null })
  const first = await dora.types('/quay user list')
  expect(allOf(first)).toContain('• quayadmin – dora@example.com, Superuser')
  expect(allOf(first)).toContain('• user10 – no e-mail address, User, disabled')
  expect(allOf(first)).toContain('• user11 – ivan@example.com')
  expect(allOf(first)).not.toContain('Share in channel')
  expect(allOf(first)).not.toContain('user140')
  const second = await dora.presses('Older', first)
  expect(allOf(second)).toContain('• user140')
  expect(allOf(await dora.types('/quay user list only=enabled'))).not.toContain('user10 ')
  quay.registry.users = quay.registry.users.filter(({ name }) => !/^user\d\d+$/.test(name))
})

test('dora shows one account', async () => {
  const shown = allOf(await dora.types('/quay user show bea'))
  expect(shown).toContain('*E-mail*\nbea@example.com')
  expect(shown).toContain('*Superuser*\nNo')
  expect((await dora.types('/quay user show nobody')).text).toBe('User nobody not found.')
})

test('an account is created and read back; its passwords come by Reveal and stand nowhere else', async () => {
  const reply = await dora.types('/quay user create jo email=jo@example.com')
  expect(reply.text).toBe('Created user `jo`. Not a superuser.')
  expect(quay.exchanges.findLast(({ method }) => method === 'POST')?.body).toEqual({ username: 'jo', email: 'jo@example.com' })
  const offer = await dora.finds(/Password of user jo is ready/)
  const modal = JSON.stringify(await dora.pressesToOpen('Reveal', offer, 'dora'))
  const password = userOf('jo')?.password ?? 'no password'
  expect(modal).toContain(password)
  expect(modal).toContain('Encrypted password')
  expect(JSON.stringify([await dora.sees(), await dora.sees('dora')])).not.toContain(password)
  expect(log()).not.toContain(password)
})

test('a superuser is wanted: the reply says that SUPER_USERS in config.yaml makes one', async () => {
  const reply = allOf(await dora.types('/quay user create admin2 email=admin2@example.com superuser=yes'))
  expect(reply).toContain('Created user `admin2`. Not a superuser.')
  expect(reply).toContain(
    'To make `admin2` a superuser, add the name to `SUPER_USERS` in Quay’s `config.yaml` and restart Quay. Check with',
  )
})

test('a name or an address that is taken is refused in Quay’s words, a missing address before Quay is asked', async () => {
  expect((await dora.types('/quay user create bea email=bea2@example.com')).text).toContain(
    'A user or organization with this name already exists. Choose another name.',
  )
  expect((await dora.types('/quay user create bea2 email=bea@example.com')).text).toContain(
    'Another user already has the e-mail address bea@example.com.',
  )
  expect((await dora.types('/quay user create bea2')).text).toContain('This registry requires an e-mail address for each user: add email=.')
})

test('Quay’s answer to creating an account is lost: nobody can know, and nothing is repeated', async () => {
  quay.faults({ cut: true, match: 'POST /api/v1/superuser/users/', times: 1 })
  expect((await dora.types('/quay user create lost email=lost@example.com')).text).toContain('result is unknown')
  expect(quay.registry.users.filter(({ name }) => name === 'lost')).toHaveLength(1)
})

test('where accounts come from a directory, creating one or a password is refused before Quay is asked', async () => {
  const { capabilities: facts } = started.bot.quay
  const before = changes().length
  facts.authentication = 'LDAP'
  expect((await dora.types('/quay user create ann email=ann@example.com')).text).toContain('Users of this registry come from LDAP')
  expect((await dora.types('/quay user reset-password ivan')).text).toBe('Passwords of this registry are managed by LDAP. Reset it there.')
  facts.authentication = 'Database'
  expect(changes()).toHaveLength(before)
})

test('an account is disabled and enabled again; both are harmless to repeat', async () => {
  const preview = await dora.types('/quay user disable ivan')
  expect(preview.text).toBe('Disable `ivan` (ivan@example.com)?')
  expect(userOf('ivan')?.enabled).toBe(true)
  quay.faults({ cut: true, match: 'PUT /api/v1/superuser/users/ivan', times: 1 })
  expect((await dora.presses('Disable', preview)).text).toBe('Disabled `ivan`.')
  expect(userOf('ivan')?.enabled).toBe(false)
  expect((await dora.types('/quay user disable ivan')).text).toBe('ivan is already disabled.')

  expect((await dora.types('/quay user enable ivan')).text).toBe('Enabled `ivan`, with the same permissions as before.')
  expect((await dora.types('/quay user enable ivan')).text).toBe('`ivan` is already enabled.')
})

test('a new password goes to whose account it is', async () => {
  const known = (await dora.sees('dora')).length
  await alice.types('/quay whoami')
  const preview = await dora.types('/quay user reset-password alice')
  expect((await dora.presses('Reset password', preview)).text).toBe('Password of `alice` reset.')
  const offer = await alice.finds(/New password of user alice is ready/)
  expect(JSON.stringify(await alice.pressesToOpen('Reveal', offer, 'alice'))).toContain(userOf('alice')?.password ?? 'no password')
  expect(await dora.sees('dora')).toHaveLength(known)
  expect(log()).not.toContain(userOf('alice')?.password ?? '')
})

test('an account is deleted after a look at what goes with it; a superuser is not', async () => {
  const preview = await dora.types('/quay user delete jo')
  expect(allOf(preview)).toContain('The user owns no repositories.')
  expect((await dora.presses('Delete', preview)).text).toBe('Deleted user `jo`.')
  expect(userOf('jo')).toBeUndefined()
  for (const command of ['delete', 'disable', 'reset-password'])
    expect((await dora.types(`/quay user ${command} quayadmin`)).text).toContain(
      'quayadmin is a superuser, and Quay does not allow changing superusers. Remove the name from SUPER_USERS in config.yaml first.',
    )
  expect((await dora.types('/quay user delete quaymaster')).text).toContain('belongs to Quaymaster itself')
})

test('a dry run changes nothing, and Quay being down is said', async () => {
  expect(await dryRun(started, 'dora', '/quay user create dry email=dry@example.com')).toContain('POST /api/v1/superuser/users/')
  expect(await dryRun(started, 'dora', '/quay user disable ivan')).toContain('PUT /api/v1/superuser/users/ivan {"enabled":false}')
  expect(await dryRun(started, 'dora', '/quay user reset-password ivan')).toContain('{"password":"[credential]"}')
  expect(await dryRun(started, 'dora', '/quay user delete ivan')).toContain('DELETE /api/v1/superuser/users/ivan')
  expect(await whileDown(started, 'dora', '/quay user list')).toBe('Quay is not available right now.')
})
