import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { command, type Step } from '../../command/command.ts'
import { organizationField } from '../../command/common-fields.ts'
import type { Bot } from '../../context.ts'
import { Failure } from '../../core/failure.ts'
import { translator } from '../../core/i18n.ts'
import { listAdmins } from '../../quay/admins.ts'
import { findTeams } from '../../quay/members.ts'
import { readOrganization } from '../../quay/organizations.ts'
import type { Quay } from '../../quay/registry.ts'
import { accountToJoin, joinOwnTeam, leaveOwners, ownTeam, takeOwnership } from '../../quay/take-ownership.ts'
import { slackPersonOf } from '../../security/contacts.ts'
import { languageFor } from '../../security/language.ts'
import { code, link, message, note } from '../../slack/blocks.ts'
import { postCard } from '../../slack/post-once.ts'

export default command({
  summary: 'Make Quaymaster an admin of an organization',
  help: 'For registries without full access for superusers, or before Quay 3.16. The admins of the organization are notified. Nobody gains permissions.',
  input: z.strictObject({ organization: organizationField }),
  examples: ['org take-ownership initech'],
  aliases: ['adopt', 'take over', 'takeover', 'own', 'claim', 'take ownership', 'become owner'],
  permissions: 'superuser',
  calls: ['POST /superuser/takeownership/{namespace}'],
  changes: { effects: ['grants'], facts: 'preview', retry: 'idempotent' },
  preview: {
    read: async ({ quay, input: { organization } }) => {
      const account = accountToJoin(quay)
      const { url, isAdmin } = await readOrganization(quay, organization)
      // With full access Quay may take a superuser for an admin of everything: then its teams tell.
      if (isAdmin && (await findTeams(quay, organization, account)).some(({ role }) => role === 'admin'))
        throw new Failure('conflict', '{account} is already an admin of {organization}.', { account, organization })
      return { organization, account, url }
    },
    view: ({ organization, account, url }, t) =>
      message(
        t('Make {account} an admin of {organization}?', { account: code(account), organization: link(url, organization) }),
        note(
          t(
            'Quay first makes it an owner; Quaymaster then moves it to the team {team} with the role admin. The admins of {organization} are notified.',
            {
              team: code(ownTeam),
              organization,
            },
          ),
        ),
      ),
  },
  run: async ({ quay, input: { organization } }) => {
    const account = accountToJoin(quay)
    await takeOwnership(quay, organization)
    return { organization, account }
  },
  after: {
    steps: ({ organization }, person, result): Step[] => {
      const account = result?.account ?? ''
      const values = { organization, account, team: ownTeam }
      const tell: Step['run'] = ({ bot, quay }) => tellAdmins(bot, quay, { organization, by: person.id })
      return [
        { name: { message: 'Notify the admins of {organization}', values }, permissions: 'superuser', run: tell },
        {
          name: { message: 'Add {account} to the team {team} of {organization}', values },
          permissions: 'superuser',
          run: ({ quay }) => joinOwnTeam(quay, organization, account),
        },
        {
          name: { message: 'Remove {account} from the owners of {organization}', values },
          permissions: 'superuser',
          run: ({ quay }) => leaveOwners(quay, organization, account),
        },
      ]
    },
    checkObject: async ({ quay }, { organization }) => {
      if ((await readOrganization(quay, organization)).isAdmin) return
      throw new Failure('conflict', 'Quaymaster is no longer an admin of {organization}. The remaining steps were not run.', {
        organization,
      })
    },
  },
  view: ({ organization, account }, t) =>
    message(t('{account} is now an admin of {organization}.', { account: code(account), organization: code(organization) })),
})

/** By direct message, to whom Slack and Quay both know. Told twice after a retry, rather than never. */
async function tellAdmins(bot: Bot, quay: Quay, { organization, by }: { organization: string; by: string }) {
  if (quay.dryRunCalls) return
  for (const { account } of await listAdmins(quay, organization)) {
    const channel = await slackPersonOf(bot, account)
    if (channel === undefined) continue
    const t = translator(await languageFor(bot, channel))
    const text = t('<@{by}> made Quaymaster an admin of {organization}. To undo this, delete the team {team} there.', {
      ...{ by, team: code(ownTeam), organization: code(organization) },
    })
    const sent = await postCard(bot.slack, { channel, message: message(text), marker: randomUUID() })
    if (sent.became !== 'posted' && sent.became !== 'closed')
      throw new Failure('unavailable', 'Slack did not accept the message to the admins.', {})
  }
}
