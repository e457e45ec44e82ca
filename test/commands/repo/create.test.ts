import { afterAll, expect, test } from 'vitest'
import { startBot } from '../../start-bot.ts'
import { allOf, dryRun } from '../drawn.ts'

const started = await startBot({ until: afterAll, policy: { approvals: [] } })
const { alice, bea, carl, quay, repository, changes } = started

test('alice, a creator in acme, creates a repository by one command: she is its admin, and the bot has left it', async () => {
  const reply = await alice.types('/quay repo create acme/web description="Front page"')

  expect(reply).toMatchObject({ ephemeral: true, text: expect.stringMatching(/^Created <http.*\|acme\/web>\.$/) })
  expect(repository('acme/web')).toMatchObject({ visibility: 'private', description: 'Front page', userPermissions: { alice: 'admin' } })
  expect(repository('acme/web')?.userPermissions).not.toHaveProperty('quaymaster')
})

test('whom she names gets in with it, the highest role of each, and Quay is told what to prune', async () => {
  await alice.types('/quay repo create acme/wide admins=team:creators writers=team:frontend,acme+ci,alice readers=hana,acme+ci prune=20')
  expect(repository('acme/wide')).toMatchObject({
    userPermissions: { alice: 'admin', 'acme+ci': 'write', hana: 'read' },
    teamPermissions: { creators: 'admin', frontend: 'write' },
    prunePolicies: [{ method: 'number_of_tags', value: 20 }],
  })
})

test('her own default permissions apply, and those of others do not', async () => {
  await bea.types('/quay permission default create acme acme+deploy read creator=alice')
  await bea.types('/quay permission default create acme team:frontend write creator=carl')
  await alice.types('/quay repo create acme/defaults')
  expect(repository('acme/defaults')).toMatchObject({ userPermissions: { alice: 'admin', 'acme+deploy': 'read' }, teamPermissions: {} })
})

test('in her own namespace she is the owner already', async () => {
  await alice.types('/quay repo create alice/notes')
  expect(repository('alice/notes')?.userPermissions).not.toHaveProperty('quaymaster')
  started.bot.quay.capabilities.features.RESTRICTED_USERS = true
  expect((await alice.types('/quay repo create alice/more')).text).toContain(
    'This registry restricts what users can create in their own namespace. Create it in an organization.',
  )
  started.bot.quay.capabilities.features.RESTRICTED_USERS = false
})

test('a taken name is said to who may create there; others hear what they lack, and nothing is granted on what exists', async () => {
  const before = changes().length
  expect((await alice.types('/quay repo create acme/base admins=alice')).text).toBe('acme/base already exists. Choose another name.')
  expect(changes().slice(before)).toEqual(['POST /api/v1/repository'])
  expect(repository('acme/base')?.userPermissions).not.toHaveProperty('alice')
  expect((await carl.types('/quay repo create globex/secret')).text).toBe('You need the *creator* role in globex.')
})

test('a channel hears about it from the beginning, if she and the bot are in it and nobody from outside reads along', async () => {
  const command = '/quay repo create acme/heard subscribe='
  expect((await alice.types(`${command}<#C0APPROVALS>`)).text).toContain('Created')
  expect(repository('acme/heard')?.notifications.map(({ event }) => event)).toContain('build_failure')
  expect(allOf(await alice.types('/quay subscription list mine=yes'))).toContain('• acme/heard – <#C0APPROVALS>')

  const before = changes().length
  expect((await alice.types('/quay repo create acme/outside subscribe=<#C0GENERAL>')).text).toContain(
    'People from other workspaces can read <#C0GENERAL>, and the repository is private. Choose another channel.',
  )
  expect((await alice.types('/quay repo create acme/nowhere subscribe=general')).text).toContain('Enter a channel: type # and choose it')
  const channel = started.slack.workspace.channels.find(({ id }) => id === 'C0APPROVALS')
  channel?.members.splice(channel.members.indexOf('U0ALICE'), 1)
  expect((await alice.types('/quay repo create acme/unseen subscribe=<#C0APPROVALS>')).text).toContain('You are not in <#C0APPROVALS>')
  expect(changes()).toHaveLength(before)
})

test('a step fails: what is done stays, the rest is a checklist, and Retry goes on there', async () => {
  const reply = await alice.types('/quay repo create acme/steps writers=nobody')
  const drawn = allOf(reply)
  expect(drawn).toContain(':white_check_mark: Give alice the role admin on acme/steps')
  expect(drawn).toContain(':x: Give nobody the role write on acme/steps: Quay has no user or robot account nobody. Check the spelling.')
  expect(drawn).toContain(':white_circle: Remove Quaymaster’s own permission on acme/steps')
})

test('Quay’s answer is lost: the repository where the bot is still admin is the lost attempt’s, and is handed over', async () => {
  quay.faults({ cut: true, match: 'POST /api/v1/repository', times: 1 })
  expect((await alice.types('/quay repo create acme/lost')).text).toContain('Created')
  expect(repository('acme/lost')?.userPermissions).toMatchObject({ alice: 'admin' })

  // One that is exactly the same but carl's own is not taken for ours.
  await carl.types('/quay repo create acme/carls')
  quay.faults({ cut: true, match: 'POST /api/v1/repository', times: 1 })
  expect((await alice.types('/quay repo create acme/carls')).text).toContain('result is unknown')
  expect(repository('acme/carls')?.userPermissions).not.toHaveProperty('alice')
})

test('a robot of another namespace and a registry without auto-prune are found before anything is created', async () => {
  const before = changes().length
  expect((await alice.types('/quay repo create acme/none readers=globex+ci')).text).toContain('globex+ci belongs to another namespace')
  expect((await alice.types('/quay repo create acme/none prune=soon')).text).toContain('Enter a number of tags')
  expect(changes()).toHaveLength(before)
})

test('a dry run lists every call of the plan, and makes none', async () => {
  const planned = await dryRun(started, 'alice', '/quay repo create acme/dry readers=hana prune=30d')
  expect(planned).toContain('would make 6 changes:')
  expect(planned).toContain('DELETE /api/v1/repository/acme/dry/permissions/user/quaymaster')
  expect(repository('acme/dry')).toBeUndefined()
})

test('without a name the modal opens; who may get in and what to prune stand under More options', async () => {
  const modal = await alice.opens('/quay repo create')
  expect(modal.fields).toEqual({ repository: null, visibility: 'private', description: null })
  const more = await alice.pressesIn('modal:more', modal)
  expect(Object.keys(more.fields)).toEqual([
    'repository',
    'visibility',
    'description',
    'admins',
    'writers',
    'readers',
    'for',
    'until',
    'prune',
    'subscribe',
  ])
  const filled = await alice.opens('/quay repo create visibility=public')
  expect(filled.fields).toMatchObject({ visibility: 'public' })
})
