import { z } from 'zod'
import { command } from '../../command/command.ts'
import { organizationField } from '../../command/common-fields.ts'
import { Failure } from '../../core/failure.ts'
import { listMembers } from '../../quay/members.ts'
import { deleteOrganization, findOrganization, readOrganization } from '../../quay/organizations.ts'
import { listRepositories } from '../../quay/repositories.ts'
import { listRobots } from '../../quay/robots.ts'
import { blindSpot } from '../../quay/sight.ts'
import { code, fields, lines, link, message, moment, note } from '../../slack/blocks.ts'
import { sizeText } from '../../slack/views/size.ts'

const shown = 10

export default command({
  summary: 'Delete an organization and all its repositories',
  input: z.strictObject({ organization: organizationField }),
  examples: ['org delete initech'],
  // Quay lets superusers delete every organization, without full access too (docs/quay.md, Releases §1a).
  permissions: [{ permission: 'admin', on: 'organization', orSuperuser: true }],
  changes: {
    effects: ['destroys'],
    facts: 'preview',
    retry: async ({ quay, input: { organization } }) =>
      (await findOrganization(quay, organization)) ? undefined : { result: { organization } },
  },
  preview: {
    read: async ({ quay, input: { organization } }) => {
      const [found, members, robots, { repositories, next }] = await Promise.all([
        readOrganization(quay, organization),
        ifShown(listMembers(quay, organization)),
        ifShown(listRobots(quay, organization)),
        listRepositories(quay, organization),
      ])
      return {
        organization,
        url: found.url,
        size: found.size,
        teams: found.teams?.length,
        members: members?.length,
        robots: robots?.length,
        hidden: blindSpot(quay, organization, found)?.sentence,
        repositories: repositories.map(({ name, lastModified }) => ({ name, lastModified })),
        more: next !== undefined,
      }
    },
    view: ({ organization, url, size, teams, members, robots, repositories, more, hidden }, t) =>
      message(
        t('Permanently delete organization {organization}?', { organization: link(url, organization) }),
        fields(
          [
            t.plain('Repositories'),
            t(
              '{more, select, yes {More than {count}} some {At least {count}; Quay may not show all of them to Quaymaster} other {{count}}}',
              {
                count: repositories.length,
                more: more ? 'yes' : hidden ? 'some' : 'no',
              },
            ),
          ],
          [t.plain('Size'), size === undefined ? t('Unknown') : sizeText(size, t)],
          [t.plain('Members'), members === undefined ? t('Unknown') : String(members)],
          [t.plain('Teams'), teams === undefined ? t('Unknown') : String(teams)],
          [t.plain('Robot accounts'), robots === undefined ? t('Unknown') : String(robots)],
        ),
        ...lines([
          ...repositories.slice(0, shown).map(({ name, lastModified }) =>
            t('• {repository}, {pushed, select, never {nothing pushed yet} other {last push {moment}}}', {
              repository: code(name),
              pushed: lastModified ? 'once' : 'never',
              moment: moment(Date.parse(lastModified ?? '')),
            }),
          ),
          ...(repositories.length > shown ? ['…'] : []),
        ]),
        ...(hidden ? [note(t(hidden.message, hidden.values))] : []),
        note(t('All its content is deleted for everyone. Quay can’t restore it.')),
      ),
  },
  run: async ({ quay, person, input: { organization } }) => {
    await deleteOrganization(quay, organization, { asSuperuser: person.user?.superuser ?? false })
    return { organization }
  },
  view: ({ organization }, t) =>
    message(
      t('Deleted organization {organization}.', { organization: code(organization) }),
      note(t('The name becomes available again after Quay’s cleanup.')),
    ),
})

/** Undefined where Quay does not show it to the bot. */
async function ifShown<Found>(asked: Promise<Found>): Promise<Found | undefined> {
  try {
    return await asked
  } catch (error) {
    if (error instanceof Failure && error.code === 'denied') return undefined
    throw error
  }
}
