import { z } from 'zod'
import { command } from '../../command/command.ts'
import { organizationField } from '../../command/common-fields.ts'
import { slice } from '../../command/slice-pages.ts'
import { sightOf } from '../../quay/members.ts'
import { listRobots } from '../../quay/robots.ts'
import { bold } from '../../slack/blocks.ts'
import { listMessage } from '../../slack/lists/list.ts'
import { asCode, asMoment, asText } from '../../slack/lists/values.ts'

export default command({
  summary: 'List robot accounts',
  help: 'Tokens are never shown. Only organization admins see the repositories of a robot account.',
  input: z.strictObject({ organization: organizationField }),
  examples: ['robot list acme'],
  permissions: [{ permission: 'member', on: 'organization' }],
  run: async ({ quay, person, input: { organization }, page, rows }) => {
    const [robots, { sees }] = await Promise.all([listRobots(quay, organization), sightOf(quay, person, organization)])
    const entries = robots.map(({ name, created, lastAccessed, repositories }) => ({
      name,
      created,
      lastAccessed,
      // Quay tells other members of the organisation the names alone.
      ...(sees === 'all' && { repositories }),
    }))
    return { organization, ...(await slice({ page, size: rows, fetch: async () => ({ entries, next: undefined }) })) }
  },
  view: ({ organization, entries }, t) =>
    listMessage(
      {
        headline: t('{count, plural, =0 {{organization} has no robot accounts.} other {Robot accounts of {organization}}}', {
          count: entries.length,
          organization: bold(organization),
        }),
        rows: entries,
        columns: [
          { name: 'robot_account', title: t.plain('Robot account'), value: ({ name }) => asCode(name) },
          {
            name: 'created',
            title: t.plain('Created (UTC)'),
            none: t.plain('unknown'),
            value: ({ created }) => asMoment(created),
            said: (created) => t('created {created}', { created }),
          },
          {
            name: 'last_used',
            title: t.plain('Last used (UTC)'),
            none: t.plain('never used'),
            saysNone: true,
            value: ({ lastAccessed }) => asMoment(lastAccessed),
            said: (moment) => t('last used {moment}', { moment }),
          },
          {
            name: 'repositories',
            title: t.plain('Repositories'),
            value: ({ repositories }) => asText(named(repositories ?? [])),
            said: (names) => t('on {names}', { names }),
          },
        ],
        opens: ({ name }) => name,
      },
      t,
    ),
})

/** The first few; `robot show` has them all. */
function named(repositories: string[]) {
  return [...repositories.slice(0, 5), ...(repositories.length > 5 ? ['…'] : [])].join(', ')
}
