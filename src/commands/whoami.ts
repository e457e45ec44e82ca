import { z } from 'zod'
import { command } from '../command/command.ts'
import { slash } from '../core/slash-command.ts'
import { code, message, note } from '../slack/blocks.ts'
import { lookAgainButton } from '../slack/views/failure.ts'

export default command({
  summary: 'Show which Quay user you are',
  input: z.strictObject({}),
  examples: ['whoami'],
  aliases: [
    'about me',
    'know about me',
    'logout',
    'log out',
    'sign out',
    'who am i',
    'me',
    'id',
    'myself',
    'my account',
    'account show',
    'login',
    'auth status',
    'my user',
    'which user am i',
    'profile',
  ],
  permissions: 'anyone',
  private: true,
  run: async ({ person: { id, account, user, unlinked, lookAgain } }) => ({
    id,
    account: account ?? null,
    kind:
      account === undefined
        ? 'unlinked'
        : !user
          ? 'missing'
          : !user.enabled
            ? 'disabled'
            : user.superuser
              ? 'superuser'
              : user.globalReader
                ? 'reader'
                : 'plain',
    unlinked: unlinked ?? null,
    lookAgain: lookAgain ?? false,
  }),
  view: ({ account, kind, unlinked, lookAgain }, t) =>
    message(
      unlinked
        ? t(unlinked.message, unlinked.values)
        : t(
            '{kind, select, missing {You are linked to the user {account}, which does not exist in Quay.} disabled {You are {account} in Quay. The user is disabled, so you have no permissions.} superuser {You are {account} in Quay, a superuser.} reader {You are {account} in Quay, a global read-only superuser.} other {You are {account} in Quay.}}',
            { kind, account: code(account ?? '') },
          ),
      note(t('Check a permission with {command}.', { command: code(slash('can-i write acme/web')) })),
      ...(lookAgain ? [lookAgainButton(t)] : []),
    ),
})
