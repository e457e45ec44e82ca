import { z } from 'zod'
import { command, type Run, type Step } from '../../command/command.ts'
import { checkOwnOrganization } from '../../command/same-object.ts'
import { Failure } from '../../core/failure.ts'
import { quayAnswer } from '../../quay/http.ts'
import { shortName } from '../../quay/names.ts'
import { createOrganization, findOrganization, readOrganization } from '../../quay/organizations.ts'
import { readBack } from '../../quay/read-back.ts'
import { checkMayHandOver } from '../../quay/sight.ts'
import { addTeamMember, findTeamMembers } from '../../quay/teams.ts'
import { leaveOrganization } from '../../quay/transfer-ownership.ts'
import { link, message, section } from '../../slack/blocks.ts'
import { storedNote } from '../../slack/views/stored.ts'

export default command({
  summary: 'Create an organization',
  help: 'You become its owner. Some registries allow only superusers to create organizations.',
  input: z.strictObject({
    name: shortName.meta({ title: 'Name', of: 'new-namespace' }).describe('Lower-case letters and digits, joined by . _ or -'),
    email: z.email().max(254).optional().meta({ title: 'E-mail' }).describe('Contact e-mail address; it must not belong to a user'),
  }),
  examples: ['org create initech', 'org create initech email=initech@example.com'],
  permissions: 'linked',
  changes: {
    effects: ['creates'],
    // One whose only owner is the bot is the lost attempt's: the hand-over changes that.
    facts: { none: 'It makes something new, and Quay refuses a name that is taken.' },
    retry: async ({ quay, input: { name } }) => {
      const [found, owners] = await Promise.all([
        findOrganization(quay, name),
        findTeamMembers(quay, { organization: name, team: 'owners' }),
      ])
      const isOurs = owners?.members.length === 1 && owners.members[0]?.name === quay.capabilities.account
      return found && isOurs ? { result: { name, url: found.url, email: found.email, asAsked: true } } : undefined
    },
  },
  run: async (run) => {
    checkMayCreate(run)
    const {
      quay,
      input: { name, email },
    } = run
    checkMayHandOver(quay, name)
    try {
      await createOrganization(quay, { name, email })
    } catch (error) {
      throw quayAnswer(error)?.status === 403 ? lacksScope(error) : error
    }
    const stored = await readBack(quay, email, async () => (await readOrganization(quay, name)).email)
    return { name, url: new URL(`/organization/${name}`, quay.url).href, email: stored, asAsked: email === undefined || stored === email }
  },
  after: {
    // Quay asks nothing but what checkObject looks at of whoever creates one.
    steps: ({ name }, { account = '' }): Step[] => [
      {
        name: { message: 'Make {account} an owner of {organization}', values: { account, organization: name } },
        asked: true,
        permissions: [],
        run: async ({ quay }) => {
          const owners = await findTeamMembers(quay, { organization: name, team: 'owners' })
          if (!owners?.members.some((one) => one.name === account))
            await addTeamMember(quay, { organization: name, team: 'owners' }, account)
        },
      },
      {
        name: { message: 'Remove Quaymaster from {organization}', values: { organization: name } },
        permissions: [],
        run: ({ quay }) => leaveOrganization(quay, name, account),
      },
    ],
    checkObject: async (run, { name }, begun) => {
      checkMayCreate(run)
      await checkOwnOrganization(run, name, begun)
    },
  },
  view: ({ name, url, email, asAsked }, t) =>
    message(
      t('Created organization {organization}.', { organization: link(url, name) }),
      ...(email ? [section(t('Contact e-mail: {email}', { email }))] : []),
      ...storedNote(asAsked, t),
    ),
})

function checkMayCreate({ quay, person }: Pick<Run<unknown>, 'quay' | 'person'>) {
  const { SUPERUSERS_ORG_CREATION_ONLY, RESTRICTED_USERS } = quay.capabilities.features
  if ((SUPERUSERS_ORG_CREATION_ONLY || RESTRICTED_USERS) && !person.user?.superuser)
    throw new Failure('denied', 'In this registry only *superusers* can create organizations.')
}

/** Quay wants user:admin of whoever creates an organisation (test/recorded/quay/scope-matrix.json); the person lacks nothing. */
function lacksScope(cause: unknown) {
  return new Failure('conflict', 'QUAY_TOKEN lacks the scope user:admin, which Quay requires to create an organization.', {}, { cause })
}
