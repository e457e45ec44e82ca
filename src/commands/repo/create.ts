import { z } from 'zod'
import { giveForAWhile } from '../../approvals/access/give.ts'
import { endOf, type Length, lengthFields } from '../../approvals/access/length.ts'
import { command, type Step } from '../../command/command.ts'
import { teamsAmong } from '../../command/facts.ts'
import { checkOwnRepository } from '../../command/same-object.ts'
import { giveToCreator, grantStep, leaveStep } from '../../command/transfer-ownership.ts'
import { Failure } from '../../core/failure.ts'
import { fieldProblem } from '../../core/field-problem.ts'
import { escaped } from '../../core/markup.ts'
import { checkChannel, subscribeChannel } from '../../notifications/subscribe-channel.ts'
import { quayAnswer } from '../../quay/http.ts'
import { namespaceOf, newRepositoryName } from '../../quay/names.ts'
import { assertNoForeignRobot, findPermission, granteeName } from '../../quay/permissions.ts'
import { storePrunePolicy } from '../../quay/pruning.ts'
import { readBack } from '../../quay/read-back.ts'
import { createRepository, findRepository, readRepository } from '../../quay/repositories.ts'
import { code, link, message, note, section } from '../../slack/blocks.ts'
import { storedNote } from '../../slack/views/stored.ts'

const grantees = z.array(granteeName).default([]).meta({ of: 'user', advanced: true })
const prunePath = '/repository/{repository}/autoprunepolicy/'

export default command({
  summary: 'Create a repository',
  help: 'You become its admin, and your default permissions in the organization apply, as if you had created it in Quay.',
  input: z.strictObject({
    repository: newRepositoryName.meta({ title: 'Repository', of: 'new-repository' }).describe('namespace/name, e.g. acme/web'),
    visibility: z
      .enum(['private', 'public'])
      .default('private')
      .meta({ title: 'Visibility', labels: { private: 'Private', public: 'Public' } })
      .describe('Who can pull'),
    description: z.string().max(500).default('').meta({ title: 'Description' }).describe('A short description'),
    admins: grantees.meta({ title: 'Admins' }).describe('Additional admins: users, teams (team:developers), robot accounts (acme+ci)'),
    writers: grantees
      .meta({ title: 'Write permission' })
      .describe('Who can push: users, teams (team:developers), robot accounts (acme+ci)'),
    readers: grantees.meta({ title: 'Read permission' }).describe('Who can pull: users, teams (team:developers), robot accounts (acme+ci)'),
    for: lengthFields.for
      .meta({ title: 'Duration', advanced: true, time: 'duration' })
      .describe('How long the additional users have their permission: 90m, 8h, 2d'),
    until: lengthFields.until
      .meta({ title: 'Until', advanced: true, moment: true })
      .describe('Or when their permission ends, in your time zone: friday 18:00'),
    prune: z
      .string()
      .regex(/^[1-9]\d*[smhdw]?$/, 'Enter a number of tags (20) or an age (30d)')
      .optional()
      .meta({ title: 'Auto-prune', advanced: true, time: 'duration' })
      .describe('Auto-prune: number of tags to keep (20) or maximum age (30d)'),
    subscribe: z
      .string()
      .regex(/^#?[CG][A-Z0-9]{2,}$/, 'Enter a channel: type # and choose it')
      .optional()
      .meta({ title: 'Notification channel', of: 'channel', advanced: true })
      .describe('Channel for build notifications; you and Quaymaster must be members'),
  }),
  examples: [
    'repo create acme/web',
    'repo create acme/web visibility=public description="Front page"',
    'repo create acme/web writers=team:developers,acme+ci prune=30d',
    'repo create acme/web writers=carl for=8h',
    'repo create acme/web subscribe=#C0ACMEDEV',
  ],
  aliases: ['request', 'init'],
  permissions: [{ permission: 'create', on: 'repository' }],
  lasting: (input, now) => ({
    gives: [...pairs(input.admins, 'admin'), ...pairs(input.writers, 'write'), ...pairs(input.readers, 'read')].map(([, permission]) => ({
      permission,
      object: input.repository,
    })),
    endsAt: endOf(input, now),
  }),
  changes: {
    effects: ({ visibility, admins, writers, readers, prune }) => [
      'creates',
      ...(visibility === 'public' ? ['makes-public' as const] : []),
      ...([admins, writers, readers].some((all) => all.length > 0) ? ['grants' as const] : []),
      ...(prune === undefined ? [] : ['changes-limits' as const]),
    ],
    // One that differs from what was asked is somebody else's, and so is one where the bot is no admin: the lost attempt
    // left it so, and only the hand-over ends that. Otherwise Quay is asked again, and says so.
    facts: async ({ quay, input: { repository, admins, writers, readers } }) => ({
      // The name is free, or Quay refuses it; who gets in with it may be others by then.
      teams: await teamsAmong(quay, repository, [...admins, ...writers, ...readers]),
    }),
    retry: async ({ quay, input: { repository, visibility, description } }) => {
      const result = await findRepository(quay, repository)
      if (result?.visibility !== visibility || result.description !== description || !quay.capabilities.account) return
      const own = await findPermission(quay, repository, { kind: 'user', name: quay.capabilities.account })
      return own === 'admin' ? { result: { ...result, asAsked: true } } : undefined
    },
  },
  run: async ({ quay, bot, person, input }) => {
    const { repository, prune, visibility, subscribe } = input
    for (const field of ['admins', 'writers', 'readers'] as const) assertNoForeignRobot(repository, input[field], field)
    // Who is on Quay's list of exceptions only Quay knows, so all are refused here but superusers.
    if (namespaceOf(repository) === person.account && quay.capabilities.features.RESTRICTED_USERS && !person.user?.superuser)
      throw new Failure('denied', 'This registry restricts what users can create in their own namespace. Create it in an organization.')
    if (prune !== undefined && !quay.capabilities.offers(prunePath, 'POST'))
      throw fieldProblem('prune', 'This registry does not offer auto-prune. Leave {field} out.', { field: [{ say: 'Auto-prune' }] })
    if (subscribe !== undefined) await checkChannel(bot, person, { channel: idOf(subscribe), visibility })
    const wanted = await createRepository(quay, input).catch((error) => {
      throw quayAnswer(error)?.words === 'Repository already exists' ? taken(repository) : error
    })
    // Quay can cut a description; it has nothing to cut where there is none.
    const stored = input.description === '' ? wanted : await readBack(quay, wanted, () => readRepository(quay, repository))
    return { ...stored, asAsked: stored.visibility === visibility && stored.description === input.description }
  },
  // A repository that existed before has stopped the plan: nothing of this ever touches it.
  after: {
    steps: ({ repository, visibility, admins = [], writers = [], readers = [], prune, subscribe, ...length }, { account = '' }) => {
      // A modal that opens asks what the steps need before there is all of the input.
      if (repository === undefined) return []
      const given = firstOfEach([...pairs(admins, 'admin'), ...pairs(writers, 'write'), ...pairs(readers, 'read')], account)
      return [
        ...giveToCreator(repository, account),
        ...given.map(([name, role]) => ({
          ...grantStep(repository, name, role),
          ...lastingStep(repository, name, role, length),
          asked: true,
        })),
        ...(prune === undefined ? [] : [pruning(repository, prune)]),
        ...(subscribe === undefined ? [] : [hearing(repository, visibility, idOf(subscribe))]),
        leaveStep(repository, [account, ...admins]),
      ]
    },
    checkObject: (run, _result, begun) => checkOwnRepository(run, run.input.repository, begun),
  },
  view: ({ name, url, visibility, description, asAsked }, t) =>
    message(
      t('Created {repository}.', { repository: link(url, name) }),
      ...(description ? [section(escaped(description))] : []),
      note(
        t('{visibility, select, public {Anyone can pull.} other {Private.}} Push with {command}.', {
          visibility,
          command: code(`podman push ${new URL(url).host}/${name}`),
        }),
      ),
      ...storedNote(asAsked, t),
    ),
})

type Role = 'read' | 'write' | 'admin'

function pairs(names: string[], role: Role): [name: string, role: Role][] {
  return names.map((name) => [name, role])
}

/** The highest role of each; the creator is admin anyway. */
function firstOfEach(all: [name: string, role: Role][], account: string) {
  return all.filter(([name], index) => name !== account && all.findIndex(([one]) => one === name) === index)
}

/** The same for a while, where that was said. */
function lastingStep(repository: string, name: string, role: Role, length: Length): Partial<Step> {
  if (length.for === undefined && length.until === undefined) return {}
  return {
    name: { message: 'Give {name} the role {role} on {repository} temporarily', values: { name, role, repository } },
    run: (run) => {
      const endsAt = endOf(length, run.bot.clock()) ?? run.bot.clock()
      return giveForAWhile(run, { target: { kind: 'repository', object: repository, grantee: name }, role, endsAt })
    },
  }
}

function hearing(repository: string, visibility: string, channel: string): Step {
  return {
    name: { message: 'Subscribe <#{channel}> to the builds of {repository}', values: { channel, repository } },
    asked: true,
    permissions: [{ permission: 'admin', object: repository }],
    run: async ({ bot, quay, person }) => {
      // They may have left the channel since, or others may read along.
      await checkChannel(bot, person, { channel, visibility })
      await subscribeChannel(bot, quay, person, channel, repository)
    },
  }
}

/** A typed channel is `#C0123456`, a chosen one has no mark. */
function idOf(channel: string) {
  return channel.replace(/^#/, '')
}

/** Only who may create there is told: the rights were checked before. */
function taken(repository: string) {
  return fieldProblem('repository', '{repository} already exists. Choose another name.', { repository })
}

function pruning(repository: string, prune: string): Step {
  const isAge = /\D$/.test(prune)
  return {
    name: {
      message: '{kind, select, age {Delete tags older than {value}} other {Keep the newest {value} tags}}',
      values: { kind: isAge ? 'age' : 'number', value: prune },
    },
    asked: true,
    permissions: [{ permission: 'admin', object: repository }],
    run: ({ quay }) =>
      storePrunePolicy(quay, repository, {
        method: isAge ? 'creation_date' : 'number_of_tags',
        value: isAge ? prune : Number(prune),
        pattern: undefined,
        matching: true,
      }),
  }
}
