import { z } from 'zod'
import { command } from '../command/command.ts'
import { code, message, note } from '../slack/blocks.ts'
import { lookAgainButton } from '../slack/views/failure.ts'

export default command({
  summary: 'Which Quay account is yours, and what it is',
  input: z.strictObject({}),
  examples: ['whoami'],
  aliases: [
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
            '{kind, select, missing {You are linked to the account {account}, which Quay does not have.} disabled {You are {account} in Quay. The account is disabled, so you have no rights.} superuser {You are {account} in Quay, a superuser.} reader {You are {account} in Quay, a superuser who may only read.} other {You are {account} in Quay.}}',
            { kind, account: code(account ?? '') },
          ),
      note(t('Ask what you may do with {command}.', { command: code('/quay can-i write acme/web') })),
      ...(lookAgain ? [lookAgainButton(t)] : []),
    ),
})
