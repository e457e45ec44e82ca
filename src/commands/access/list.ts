import { z } from 'zod'
import { listAccess } from '../../approvals/access/list.ts'
import { command } from '../../command/command.ts'
import { commas } from '../../core/commas.ts'
import { policyTarget } from '../../quay/names.ts'
import { code } from '../../slack/blocks.ts'
import { listMessage } from '../../slack/lists/list.ts'
import { asCode, asId, asMark, asMoment, asText } from '../../slack/lists/values.ts'

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
  run: ({ bot, person, input, page, rows = 20 }) => listAccess(bot, person, { ...input, page, rows: Math.min(rows, 50) }),
  view: ({ entries }, t) =>
    listMessage(
      {
        headline: t('{count, plural, =0 {No temporary access here.} other {Temporary access (next to end first)}}', {
          count: entries.length,
        }),
        rows: entries,
        columns: [
          { name: 'grant', title: t.plain('Access ID'), value: ({ id }) => asId(id) },
          { name: 'user', title: t.plain('User'), value: ({ grantee }) => asCode(grantee) },
          {
            name: 'permission',
            title: t.plain('Permission'),
            value: ({ kind, role }) => asText(kind === 'team' ? t.plain('member') : role),
            said: (_, { kind, role, object }) =>
              t('{kind, select, team {in the team {object}} other {has *{role}* on {object}}}', { kind, role, object: code(object) }),
          },
          { name: 'object', title: t.plain('On'), value: ({ object }) => asCode(object), said: () => '' },
          {
            name: 'until',
            title: t.plain('Until (UTC)'),
            value: ({ until }) => asMoment(until),
            said: (until, { state }) =>
              t(
                '{state, select, ending {until {until} (end not confirmed by Quay yet)} asking {over since {until} (waiting for an answer)} starting {until {until} (start not confirmed by Quay yet)} other {until {until}}}',
                { state, until },
              ),
          },
          {
            name: 'state',
            title: t.plain('State'),
            value: ({ state }) =>
              asText(
                t.plain(
                  '{state, select, ending {end not confirmed by Quay yet} asking {waiting for an answer} starting {start not confirmed by Quay yet} other {active}}',
                  { state },
                ),
              ),
            said: () => '',
          },
          {
            name: 'by',
            title: t.plain('Granted by'),
            // A list of before an update has the names as one text.
            value: ({ deciders }) => asText(commas(t, [deciders].flat())),
            said: (deciders) => t('by {deciders}', { deciders }),
          },
          { name: 'break_glass', title: t.plain('Break-glass'), value: ({ breakGlass }) => asMark(breakGlass, t.plain('break-glass')) },
          { name: 'reason', title: t.plain('Reason'), value: ({ reason }) => asText(reason) },
        ],
        opens: ({ kind, object }) => (kind === 'repository' ? object : undefined),
      },
      t,
    ),
})
