import { z } from 'zod'
import { command } from '../../command/command.ts'
import { organizationField } from '../../command/common-fields.ts'
import { Failure } from '../../core/failure.ts'
import { escaped } from '../../core/markup.ts'
import { exactSize } from '../../core/sizes.ts'
import { sightOf } from '../../quay/members.ts'
import { readOrganization } from '../../quay/organizations.ts'
import { blindSpot } from '../../quay/sight.ts'
import { effectivePermission } from '../../security/permissions.ts'
import { code, fields, lines, link, message, note } from '../../slack/blocks.ts'
import { sizeText } from '../../slack/views/size.ts'

// `team list` pages through all of them.
const shown = 20

export default command({
  summary: 'Show an organization',
  help: 'Members see its teams and size, admins also the e-mail address. Others see only that it exists.',
  aliases: ['overview'],
  input: z.strictObject({ organization: organizationField }),
  examples: ['org show acme'],
  // Quay shows it to everybody, and to each as much as is theirs to see (test/recorded/quay/rights-matrix.json: organization.get).
  permissions: 'linked',
  run: async ({ bot, quay, person, input: { organization } }) => {
    // The card says it too, from the same calls.
    await effectivePermission(bot, person, organization)
    const [found, sight] = await Promise.all([readOrganization(quay, organization), unlessDenied(sightOf(quay, person, organization))])
    const { name, url, email, teams, size, quota } = found
    if (sight instanceof Failure) return { name, url, hidden: sight.sentence }
    const { sees } = sight
    return {
      name,
      url,
      ...(sees !== 'nothing' && !teams && { hidden: blindSpot(quay, organization, found)?.sentence }),
      ...(sees === 'all' && { email }),
      ...(sees !== 'nothing' && {
        inside: { shown: teams !== undefined, size, quota, count: teams?.length ?? 0, teams: teams?.slice(0, shown) ?? [] },
      }),
    }
  },
  view: ({ name, url, email, inside, hidden }, t) =>
    message(
      t('Organization {organization}', { organization: link(url, name) }),
      ...(inside?.shown
        ? [
            fields(
              [t.plain('Teams'), String(inside.count)],
              [t.plain('Size'), inside.size === undefined ? t('Unknown') : sizeText(inside.size, t)],
              [t.plain('Quota'), inside.quota === undefined ? t('None') : exactSize(inside.quota)],
              ...(email ? [[t.plain('E-mail'), escaped(email)] as const] : []),
            ),
            ...lines(
              inside.teams.map(({ name: team, role, members }) =>
                t('• Team {team} – {role}, {members, plural, one {# member} other {# members}}', { team: code(team), role, members }),
              ),
            ),
          ]
        : [note(hidden ? t(hidden.message, hidden.values) : t('You are not a member, so there is nothing more to show.'))]),
    ),
})

/** A refusal instead of what it refuses; whatever else is thrown flies on. */
async function unlessDenied<Found>(asked: Promise<Found>): Promise<Found | Failure> {
  try {
    return await asked
  } catch (error) {
    if (error instanceof Failure && error.code === 'denied') return error
    throw error
  }
}
