import { z } from 'zod'
import { listAccess } from '../../approvals/access/list.ts'
import { command } from '../../command/command.ts'
import { policyTarget } from '../../quay/names.ts'
import { code, lines, message, moment } from '../../slack/blocks.ts'

export default command({
  summary: 'List what is given for a while, and until when',
  help: 'What you have or gave; of a repository or an organization, if you are an admin of it; everything, if you are a superuser.',
  input: z.strictObject({
    object: policyTarget.optional().meta({ of: 'repository' }).describe('A repository, as namespace/name, or a whole organization'),
    all: z.boolean().default(false).describe('Everything in the registry, for superusers'),
  }),
  examples: ['access list', 'access list acme/web', 'access list all=yes'],
  permissions: 'linked',
  private: true,
  run: ({ bot, person, input, page }) => listAccess(bot, person, { ...input, page }),
  view: ({ entries }, t) => {
    if (entries.length === 0) return message(t('Nothing is given for a while here.'))
    const rows = entries.map(({ id, kind, object, grantee, role, until, state, deciders, breakGlass, reason }) =>
      t(
        '• {id} {kind, select, team {{grantee} in the team {object}} other {{grantee} has *{role}* on {object}}}, {state, select, ending {until {until}: Quay does not confirm the end yet} asking {over since {until}: whoever gave it is asked} starting {until {until}: Quay does not confirm the beginning yet} other {until {until}}}, by {deciders}{glass, select, yes { (break-glass)} other {}}{why, select, none {} other {: {why}}}',
        {
          ...{ kind, role, state, deciders, until: moment(until), id: code(id), object: code(object), grantee: code(grantee) },
          ...{ glass: breakGlass ? 'yes' : 'no', why: reason ?? 'none' },
        },
      ),
    )
    return message(t('Given for a while, the next to end first'), ...lines(rows))
  },
})
