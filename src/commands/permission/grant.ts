import { z } from 'zod'
import { giveForAWhile } from '../../approvals/access/give.ts'
import { endOf, lengthFields } from '../../approvals/access/length.ts'
import { setWithoutEnd } from '../../approvals/access/without-end.ts'
import { assertGiven } from '../../approvals/temporary.ts'
import { command } from '../../command/command.ts'
import { granteeField, repositoryField, roleField } from '../../command/common-fields.ts'
import { granteeFacts, repositoryFacts } from '../../command/facts.ts'
import { Failure } from '../../core/failure.ts'
import { assertNoForeignRobot, findPermission, granteeOf, setPermission } from '../../quay/permissions.ts'
import { readBack } from '../../quay/read-back.ts'
import { readRepository } from '../../quay/repositories.ts'
import { code, link, message, note } from '../../slack/blocks.ts'
import { storedNote } from '../../slack/views/stored.ts'
import { temporaryNote } from '../../slack/views/temporary.ts'

/** Until when, and what comes back then; or what counts meanwhile because it was given for a while. */
interface Ends {
  until?: string
  back?: string | null
  id?: string
  more?: string | null
}

export default command({
  summary: 'Grant or change a repository permission',
  input: z.strictObject({
    repository: repositoryField,
    to: granteeField,
    role: roleField,
    ...lengthFields,
  }),
  examples: [
    'permission grant acme/web bea write',
    'permission grant acme/web team:developers read',
    'permission grant acme/web acme+ci write',
    'permission grant acme/web carl write for=8h',
  ],
  aliases: [
    'gimme',
    'give me',
    'want admin',
    'want push',
    'want write',
    'want read',
    'want pull',
    'temporary admin',
    'temporary write',
    'temporary read',
    'temporary push',
    'make',
    'request access',
    'need',
    'i need',
    'downgrade',
    'upgrade',
    'raise to',
    'make admin',
    'needs admin',
    'add',
    'give',
    'set',
    'allow',
    'share',
    'create',
    'assign',
    'let',
    'needs access',
    'need access',
    'give access',
    'grant access',
    'allow access',
    'should have',
    'needs',
    'invite',
    'change',
    'update',
    'add-role-to-user',
    'policy add-role-to-user',
    'add role',
  ],
  // Nobody grants more than they hold: Quay lets nobody but admins grant at all.
  permissions: [{ permission: 'admin', on: 'repository' }],
  lasting: (input, now) => ({ gives: [{ permission: input.role, object: input.repository }], endsAt: endOf(input, now) }),
  changes: {
    effects: ['grants'],
    facts: async ({ quay, input: { repository, to } }) => {
      const [found, now, grantee] = await Promise.all([
        repositoryFacts(quay, repository),
        findPermission(quay, repository, granteeOf(to)),
        granteeFacts(quay, repository, to),
      ])
      return { ...found, roleNow: now ?? null, ...grantee }
    },
    retry: 'idempotent',
  },
  run: async (run) => {
    const { bot, quay, input, person } = run
    const { repository, to, role } = input
    const grantee = granteeOf(to)
    const target = { kind: 'repository' as const, object: repository, grantee: to }
    assertNoForeignRobot(repository, [to], 'to')
    const [found, before] = await Promise.all([readRepository(quay, repository), findPermission(quay, repository, grantee)])
    const endsAt = endOf(input, bot.clock())
    if (endsAt !== undefined) {
      const longest = await assertGiven(bot, person, { permission: role, object: repository }, endsAt)
      const given = await giveForAWhile(run, { target, role, endsAt, longest })
      const ends: Ends = { until: given.until, back: given.before, id: given.id }
      return { repository, url: found.url, ...grantee, role, before, asAsked: true, ...ends }
    }
    const kept = await setWithoutEnd(run, target, role)
    const ends: Ends = kept && kept.inForce !== role ? { more: kept.inForce } : {}
    if (kept) return { repository, url: found.url, ...grantee, role, before, asAsked: true, ...ends }
    if (before !== role) await setPermission(quay, repository, { ...grantee, role })
    const stored = await readBack(quay, role, () => findPermission(quay, repository, grantee))
    if (stored === undefined)
      throw new Failure('conflict', 'Quay reported success, but {name} has no direct permission on {repository}.', {
        ...{ name: to, repository },
      })
    return { repository, url: found.url, ...grantee, role: stored, before, asAsked: stored === role, ...ends }
  },
  view: ({ repository, url, kind, name, role, before, asAsked, until, back, more }, t) =>
    message(
      t(
        '{before, select, none {Granted *{role}* on {repository} to} same {*{role}* on {repository} was already granted to} other {Changed the permission on {repository} from {before} to *{role}* for}} {kind, select, team {team {name}} robot {robot account {name}} other {{name}}}.',
        {
          kind,
          name: code(name),
          role,
          repository: link(url, repository),
          before: before === undefined ? 'none' : before === role ? 'same' : before,
        },
      ),
      ...storedNote(asAsked, t),
      ...(until === undefined ? [] : [temporaryNote({ until, back }, t)]),
      ...(more ? [note(t('*{more}* was granted temporarily and is still active.', { more }))] : []),
    ),
})
