import { z } from 'zod'
import { listAccess } from '../../approvals/access/list.ts'
import { command } from '../../command/command.ts'
import { policyTarget } from '../../quay/names.ts'
import { code, lines, message, moment } from '../../slack/blocks.ts'

export default command({
  summary: 'List temporary access and when it ends',
  help: 'Shows what you have or granted. Admins also see their repository or organization; superusers see everything.',
  input: z.strictObject({
    object: policyTarget
      .optional()
      .meta({ title: 'Repository or organization', of: 'repository' })
      .describe('A repository (namespace/name) or a whole organization'),
    all: z.boolean().default(false).meta({ title: 'Everything' }).describe('Everything in the registry (superusers only)'),
  }),
  examples: ['access list', 'access list acme/web', 'access list all=yes'],
  permissions: 'linked',
  private: true,
  run: ({ bot, person, input, page }) => listAccess(bot, person, { ...input, page }),
  view: ({ entries }, t) => {
    if (entries.length === 0) return message(t('No temporary access here.'))
    const rows = entries.map(({ id, kind, object, grantee, role, until, state, deciders, breakGlass, reason }) =>
      t(
        '• {id} {kind, select, team {{grantee} in the team {object}} other {{grantee} has *{role}* on {object}}}, {state, select, ending {until {until} (end not confirmed by Quay yet)} asking {over since {until} (waiting for an answer)} starting {until {until} (start not confirmed by Quay yet)} other {until {until}}}, by {deciders}{glass, select, yes { (break-glass)} other {}}{why, select, none {} other {: {why}}}',
        {
          ...{ kind, role, state, deciders, until: moment(until), id: code(id), object: code(object), grantee: code(grantee) },
          ...{ glass: breakGlass ? 'yes' : 'no', why: reason ?? 'none' },
        },
      ),
    )
    return message(t('Temporary access (next to end first)'), ...lines(rows))
  },
})
