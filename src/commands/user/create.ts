import { z } from 'zod'
import { command } from '../../command/command.ts'
import { Failure } from '../../core/failure.ts'
import { shortName } from '../../quay/names.ts'
import type { Quay } from '../../quay/registry.ts'
import { createUser, findUser } from '../../quay/users.ts'
import { code, message, note } from '../../slack/blocks.ts'

export default command({
  summary: 'Create an account, also for a superuser',
  help: 'Who is a superuser is decided by the list SUPER_USERS in Quay’s config.yaml: put the name there and restart Quay first, then create the account. Quay makes the password; it comes by direct message, where only its reader can reveal it. Accounts of LDAP or OIDC are not created here: Quay makes them when somebody logs in.',
  input: z.strictObject({
    username: shortName.meta({ of: 'new-namespace', title: 'Name' }).describe('Lower-case letters and digits, joined by . _ or -'),
    email: z.email().max(254).optional().meta({ title: 'E-mail' }).describe('Required where Quay sends mails'),
    superuser: z.boolean().default(false).describe('Whether the account is meant to be a superuser'),
  }),
  examples: ['user create grace email=grace@example.com', 'user create admin2 email=admin2@example.com superuser=yes'],
  aliases: ['add', 'invite', 'new', 'register', 'sign up'],
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
      const problem = { message: 'This registry sends mails, and wants an address for every account.', values: {} }
      throw new Failure('invalid', problem.message, {}, { fields: { email: problem } })
    }
    const { password, encryptedPassword } = await createUser(quay, { username, email })
    // Read back: nothing but Quay's own configuration makes a superuser.
    const found = await findUser(quay, username)
    return { username, email, password, encryptedPassword, superuser: found?.superuser ?? false, wanted: superuser }
  },
  reveals: ({ username, password, encryptedPassword }, { quay }) => ({
    what: { message: 'Password of the account {account}', values: { account: username } },
    credentials: { password, encryptedPassword },
    context: { kind: 'user', username, registry: new URL(quay.url).host },
    account: username,
  }),
  view: ({ username, superuser, wanted }, t) =>
    message(
      t(
        '{superuser, select, yes {Created the account {account}. It is a *superuser*.} other {Created the account {account}. It is no superuser.}}',
        {
          account: code(username),
          superuser: superuser ? 'yes' : 'no',
        },
      ),
      ...(wanted && !superuser
        ? [
            note(
              t('To make it one, add {account} to {setting} in Quay’s {file} and restart Quay. Look with {command} whether it is.', {
                account: code(username),
                setting: code('SUPER_USERS'),
                file: code('config.yaml'),
                command: code(`/quay user show ${username}`),
              }),
            ),
          ]
        : []),
      note(t('The password waits in a direct message: for the new person where Slack and Quay link them, else for you.')),
    ),
})

/** Quay itself would say "Cannot create a user in a non-database auth system" (recorded: ldap-su-user-create). */
function checkDatabase({ capabilities: { authentication } }: Quay) {
  if (authentication === 'Database' || authentication === 'unknown') return
  throw new Failure(
    'conflict',
    'Accounts of this registry come from {authentication}, so Quay cannot create one. Add the person there: Quay makes the account when they log in for the first time.',
    { authentication },
  )
}
