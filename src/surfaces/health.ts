import { idsOf } from '../approvals/policy-checks.ts'
import type { Bot } from '../context.ts'
import { Failure } from '../core/failure.ts'
import type { Translate } from '../core/i18n.ts'
import { remember } from '../core/ttl-cache.ts'
import { purposed } from '../quay/http.ts'
import { listUsers } from '../quay/users.ts'
import { drawn, fields, type Message, message, note } from '../slack/blocks.ts'

export interface Status {
  registry: string
  quay: 'well' | 'token-refused' | 'unreachable'
  /** Undefined while unread. */
  account: string | undefined
  fullAccess: boolean
  authentication: string
  /** People and user groups that the policy names and Slack does not know any more. */
  unknown: string[]
}

/** How Quay is, by a call that needs our token's superuser scope; remembered for half a minute. */
export function probe({ memory, quay }: Pick<Bot, 'memory' | 'quay'>): Promise<Status['quay']> {
  return remember(memory, 'probe', async () => {
    try {
      await listUsers(purposed(quay, { class: 'background' }), { limit: 1 })
      return 'well'
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      return quay.tokenAccepted.value && error.code !== 'denied' ? 'unreachable' : 'token-refused'
    }
  })
}

export async function statusOf({ memory, quay, policy, slack }: Pick<Bot, 'memory' | 'quay' | 'policy' | 'slack'>): Promise<Status> {
  const { account, superusersFullAccess: fullAccess, authentication } = quay.facts
  const unknown = [...idsOf(policy)].filter((id) => slack.unknown.has(id))
  return { registry: quay.url, quay: await probe({ memory, quay }), account, fullAccess, authentication, unknown }
}

const states: Record<Status['quay'], string> = {
  well: 'Quay answers.',
  'token-refused': 'Quay refuses the token of the bot: an operator has to renew QUAY_TOKEN, with the scope super:user.',
  unreachable: 'Quay does not answer right now.',
}

export function statusView({ registry, quay, account, fullAccess, authentication, unknown }: Status, t: Translate): Message {
  return message(
    t('{state} Slack and the database are well.', { state: drawn(t(states[quay])) }),
    fields(
      [t.plain('Registry'), t('{registry}', { registry })],
      [
        t.plain('The bot’s account'),
        account === undefined ? t('Unknown: QUAY_TOKEN may not say whose it is') : t('{account}', { account }),
      ],
      [t.plain('Superusers'), fullAccess ? t('They may act in every namespace') : t('They may not act in other people’s namespaces')],
      // Quay lends a build only robots of whom the token's account is an admin (security.md rule 3).
      [
        t.plain('Pull robots'),
        fullAccess
          ? t('Builds may pull as every robot')
          : t('Builds may pull only as robots of organisations that the bot’s account is an admin of'),
      ],
      [t.plain('Accounts come from'), t('{authentication}', { authentication })],
    ),
    ...(unknown.length > 0
      ? [
          note(
            t(
              'The policy names people or user groups that no longer exist in Slack: {ids}. They are ignored. An operator can replace them.',
              { ids: unknown.join(', ') },
            ),
          ),
        ]
      : []),
    note(t('Your own rights: {command}', { command: '/quay whoami' })),
  )
}
