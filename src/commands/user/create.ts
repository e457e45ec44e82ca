import { z } from 'zod'
import { command } from '../../command/command.ts'
import { Failure } from '../../core/failure.ts'
import { slash } from '../../core/slash-command.ts'
import { shortName } from '../../quay/names.ts'
import type { Quay } from '../../quay/registry.ts'
import { createUser, findUser } from '../../quay/users.ts'
import { code, message, note } from '../../slack/blocks.ts'

export default command({
  summary: 'Create a user',
  help: 'Quay generates the password. It comes by direct message, where only its recipient can reveal it. To create a superuser, first add the name to SUPER_USERS in Quay’s config.yaml and restart Quay. Quay creates LDAP and OIDC users at their first login.',
  input: z.strictObject({
    username: shortName.meta({ of: 'new-namespace', title: 'Name' }).describe('Lower-case letters and digits, joined by . _ or -'),
    email: z.email().max(254).optional().meta({ title: 'E-mail' }).describe('Required if the registry sends e-mail'),
    superuser: z
      .boolean()
      .default(false)
      .meta({ title: 'Superuser' })
      .describe('Create a superuser; also needs SUPER_USERS in config.yaml'),
  }),
  examples: ['user create grace email=grace@example.com', 'user create admin2 email=admin2@example.com superuser=yes'],
  aliases: ['onboard', 'add', 'invite', 'new', 'register', 'sign up'],
  permissions: 'superuser',
  // Quay says the password once.
  changes: {
    effects: ({ superuser }) => (superuser ? ['creates', 'reveals', 'grants'] : ['creates', 'reveals']),
    facts: { none: 'It makes something new, and Quay refuses a name that is taken.' },
    retry: 'never',
    manualCheck: ({ username }) => `user show ${username}`,
  },
  private: true,
  run: async ({ quay, input: { username, email, superuser } }) => {
    checkDatabase(quay)
    if (quay.capabilities.features.MAILING && email === undefined) {
      const problem = { message: 'This registry requires an e-mail address for each user: add email=.', values: {} }
      throw new Failure('invalid', problem.message, {}, { fields: { email: problem } })
    }
    const { password, encryptedPassword } = await createUser(quay, { username, email })
    // Read back: nothing but Quay's own configuration makes a superuser.
    const found = await findUser(quay, username)
    return { username, email, password, encryptedPassword, superuser: found?.superuser ?? false, wanted: superuser }
  },
  reveals: ({ username, password, encryptedPassword }, { quay }) => ({
    what: { message: 'Password of user {account}', values: { account: username } },
    credentials: { password, encryptedPassword },
    context: { kind: 'user', username, registry: new URL(quay.url).host },
    account: username,
  }),
  view: ({ username, superuser, wanted }, t) =>
    message(
      t('{superuser, select, yes {Created user {account}, a *superuser*.} other {Created user {account}. Not a superuser.}}', {
        account: code(username),
        superuser: superuser ? 'yes' : 'no',
      }),
      ...(wanted && !superuser
        ? [
            note(
              t('To make {account} a superuser, add the name to {setting} in Quay’s {file} and restart Quay. Check with {command}.', {
                account: code(username),
                setting: code('SUPER_USERS'),
                file: code('config.yaml'),
                command: code(slash(`user show ${username}`)),
              }),
            ),
          ]
        : []),
      note(t('The password was sent by direct message to the new user, if linked in Slack; otherwise to you.')),
    ),
})

/** Quay itself would say "Cannot create a user in a non-database auth system" (recorded: ldap-su-user-create). */
function checkDatabase({ capabilities: { authentication } }: Quay) {
  if (authentication === 'Database' || authentication === 'unknown') return
  throw new Failure(
    'conflict',
    'Users of this registry come from {authentication}, so Quay can’t create one. Add the user there: Quay creates the user at the first login.',
    { authentication },
  )
}
