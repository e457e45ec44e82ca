import { z } from 'zod'
import { command } from '../../command/command.ts'
import { organizationField } from '../../command/common-fields.ts'
import { slice } from '../../command/slice-pages.ts'
import { sightOf } from '../../quay/members.ts'
import { listRobots } from '../../quay/robots.ts'
import { bold, code, lines, message, moment } from '../../slack/blocks.ts'

export default command({
  summary: 'List robot accounts',
  help: 'Tokens are never shown. Only organization admins see the repositories of a robot account.',
  input: z.strictObject({ organization: organizationField }),
  examples: ['robot list acme'],
  permissions: [{ permission: 'member', on: 'organization' }],
  run: async ({ quay, person, input: { organization }, page }) => {
    const [robots, { sees }] = await Promise.all([listRobots(quay, organization), sightOf(quay, person, organization)])
    const entries = robots.map(({ name, created, lastAccessed, repositories }) => ({
      name,
      created,
      lastAccessed,
      // Quay tells other members of the organisation the names alone.
      ...(sees === 'all' && { repositories }),
    }))
    return { organization, ...(await slice({ page, size: 20, fetch: async () => ({ entries, next: undefined }) })) }
  },
  view: ({ organization, entries }, t) =>
    message(
      t('{count, plural, =0 {{organization} has no robot accounts.} other {Robot accounts of {organization}}}', {
        count: entries.length,
        organization: bold(organization),
      }),
      ...lines(
        entries.map(({ name, created, lastAccessed, repositories }) =>
          t(
            '• {robot} – created {created}, {used, select, never {never used} other {last used {moment}}}{known, select, yes {{count, plural, =0 {, no repositories} one {, on {names}} other {, on {names}}}} other {}}',
            {
              robot: code(name),
              created: moment(Date.parse(created ?? '')),
              used: lastAccessed ? 'once' : 'never',
              moment: moment(Date.parse(lastAccessed ?? '')),
              known: repositories ? 'yes' : 'no',
              count: repositories?.length ?? 0,
              names: named(repositories ?? []),
            },
          ),
        ),
      ),
    ),
})

/** The first few; `robot show` has them all. */
function named(repositories: string[]) {
  return [...repositories.slice(0, 5), ...(repositories.length > 5 ? ['…'] : [])].join(', ')
}
