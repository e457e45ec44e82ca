import { z } from 'zod'
import { type Holder, whoCan } from '../../approvals/access/who-can.ts'
import { command } from '../../command/command.ts'
import { fieldProblem } from '../../core/field-problem.ts'
import { type Translate, translator } from '../../core/i18n.ts'
import { semicolons } from '../../core/lists.ts'
import { namespaceOf, policyTarget } from '../../quay/names.ts'
import { code, mention, moment, note } from '../../slack/blocks.ts'
import { csvOf } from '../../slack/lists/csv.ts'
import { type Column, listMessage, rowsOf } from '../../slack/lists/list.ts'
import { asCode, asMoment, asPerson, asText } from '../../slack/lists/values.ts'
import { kindColumn } from '../../slack/views/grantee.ts'

const ofRepository = ['pull', 'push', 'admin']
const ofOrganization = ['admin', 'create', 'member']

export default command({
  summary: 'Show who has access, why, and until when',
  help: 'Shows users and robot accounts.',
  aliases: [
    'who has',
    'who has admin',
    'who is admin',
    'who is owner',
    'owner of',
    'owners of',
    'who owns',
    'admins of',
    'list admins',
    'who administers',
    'who may',
    'who-can',
  ],
  input: z.strictObject({
    right: z
      .enum(['pull', 'push', 'admin', 'create', 'member'])
      .meta({
        title: 'Permission',
        labels: { pull: 'Pull', push: 'Push', admin: 'Administer', create: 'Create repositories', member: 'Be a member' },
      })
      .describe('Of a repository: pull, push or admin; of an organization: admin, create or member'),
    object: policyTarget
      .meta({ title: 'Repository or organization', of: 'repository' })
      .describe('A repository (namespace/name) or a whole organization'),
    csv: z.boolean().default(false).meta({ title: 'CSV file' }).describe('Also send it as a file by direct message'),
  }),
  examples: ['who can push acme/web', 'who can admin acme', 'who can pull acme/web csv=yes'],
  // The list shows every account that has something there, which Quay shows to admins alone.
  permissions: [{ permission: 'admin', on: 'object' }],
  private: true,
  run: async ({ bot, quay, person, input: { right, object, csv } }) => {
    const isRepository = object.includes('/')
    const allowed = isRepository ? ofRepository : ofOrganization
    if (!allowed.includes(right)) throw fieldProblem('right', 'For {object} use one of these: {rights}.', { object, rights: allowed })
    return { right, object, csv, ...(await whoCan(bot, quay, person, right, object)) }
  },
  file: ({ right, object, csv, holders }) => {
    if (!csv) return undefined
    const t = translator('en')
    const list = rowsOf(holders, holderColumns(t), undefined, t)
    return { name: `who-can-${right}-${object.replaceAll('/', '-')}.csv`, text: csvOf(list) }
  },
  view: ({ right, object, holders, everybody, hidden, asOf }, t) =>
    listMessage(
      {
        headline: t(
          '{right, select, pull {Who can pull {object}} push {Who can push to {object}} admin {Admins of {object}} create {Who can create repositories in {object}} other {Members of {object}}}: {count, plural, =0 {nobody} one {# user or robot account} other {# users and robot accounts}}',
          { right, object: code(object), count: holders.length },
        ),
        before: everybody ? [note(t('It is public: anyone can pull.'))] : [],
        rows: holders,
        columns: holderColumns(t),
        opens: ({ kind, account }) => (kind === 'robot' ? account : kind === 'user' ? `@${account}` : undefined),
        after: [
          ...(hidden
            ? [note(t('Quay does not show all teams of {namespace} here, so there may be more.', { namespace: code(namespaceOf(object)) }))]
            : []),
          note(
            t(
              '{known, select, yes {Disabled users are omitted (as of {asOf}).} other {Disabled users may be included: Quay’s users are still being read.}} Superusers are listed only if the policy links them and you can see who is in {namespace}.',
              { known: asOf === undefined ? 'no' : 'yes', asOf: moment(asOf ?? 0), namespace: code(namespaceOf(object)) },
            ),
          ),
        ],
      },
      t,
    ),
})

function holderColumns(t: Translate): Column<Holder>[] {
  return [
    {
      name: 'account',
      title: t.plain('Name'),
      value: ({ account }) => asCode(account),
      said: (account, { kind, slack }) =>
        t(
          '{kind, select, robot {Robot account {account}} team {Team {account}} other {{account}}}{is, select, none {} other { ({slack})}}',
          { kind, account, is: slack ? 'some' : 'none', slack: slack ? mention(slack) : '' },
        ),
    },
    kindColumn((row) => row, t),
    {
      name: 'why',
      title: t.plain('Why'),
      value: ({ why }) =>
        asText(
          semicolons(
            t,
            why.map((one) => t.plain(one.message, one.values)),
          ),
        ),
    },
    {
      name: 'until',
      title: t.plain('Until (UTC)'),
      none: t.plain('no end'),
      value: ({ until }) => asMoment(until),
      said: (until) => t('until {until}', { until }),
    },
    { name: 'slack', title: t.plain('In Slack'), value: ({ slack }) => asPerson(slack), said: () => '' },
  ]
}
