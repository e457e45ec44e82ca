import { commands } from '../../command/registry.ts'
import { Failure } from '../../core/failure.ts'
import type { McpRule } from '../../core/policy.ts'
import { slash } from '../../core/slash-command.ts'

/** Checks that the policy of this moment lets Slackbot in at all. Throws `denied`. */
export function assertOpen({ mcp: { allow } }: { mcp: McpRule }): void {
  if (allow === 'off')
    throw new Failure('denied', 'The policy does not allow Slackbot to use Quaymaster. Type {command} instead.', { command: slash() })
}

/**
 * Checks that the policy of this moment lets Slackbot do it: at each call, and again at the press of *Apply*, so that switching it
 * off holds at once. Throws `denied`.
 */
export function assertAllowed(policy: { mcp: McpRule }, name: string): void {
  assertOpen(policy)
  const { allow, commands: listed } = policy.mcp
  const command = slash(name)
  if (listed && !listed.includes(name))
    throw new Failure('denied', 'The policy does not allow {command} through Slackbot. Type it instead.', { command })
  if (allow === 'read' && commands.get(name)?.changes)
    throw new Failure('denied', 'The policy allows Slackbot only to read. Type {command} instead.', { command })
}
