import type { Bot } from '../context.ts'
import { Failure } from '../core/failure.ts'
import type { Command } from './command.ts'
import { namespacesIn } from './namespaces.ts'

/**
 * Refuses every change to the bot's own account and to namespaces that the policy protects (such as the organization that owns its
 * OAuth application), and to everything inside them: repositories, robot accounts, teams, tags
 * (docs/SECURITY.md rule 8). Throws `denied`.
 */
export function assertNotProtected({ quay, policy }: Pick<Bot, 'quay' | 'policy'>, command: Command, input: Record<string, unknown>) {
  if (!command.changes) return
  const out = new Set([...policy.protected, ...(quay.capabilities.account === undefined ? [] : [quay.capabilities.account])])
  const object = namespacesIn(command, input).find((namespace) => out.has(namespace))
  if (object !== undefined)
    throw new Failure('denied', '{object} belongs to Quaymaster itself and can’t be changed from Slack. Change it in Quay.', { object })
}
