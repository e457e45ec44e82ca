import { type Given, isBareEdit, typedValue } from '../../command/arguments.ts'
import type { Command } from '../../command/command.ts'
import { fieldsOf } from '../../command/fields.ts'
import { commands } from '../../command/registry.ts'
import { type Typing, typingFor } from '../../command/tidy.ts'
import { Failure } from '../../core/failure.ts'
import { fieldProblem } from '../../core/field-problem.ts'
import { redact } from '../../core/redact.ts'
import { slash } from '../../core/slash-command.ts'
import { typingOf } from '../typing.ts'
import { assertAllowed, assertOpen } from './allowed.ts'
import type { Calling } from './calling.ts'
import type { Tool } from './tools.ts'

/** A command with its values, as a call gives them. */
export interface CalledCommand {
  name: string
  given: Given
  reason: string | undefined
}

/** A call as the bot takes it: words to search for, a look at what waits, or a command. */
export type ToolCall = { kind: 'find'; words: string } | { kind: 'waiting' } | ({ kind: 'command' } & CalledCommand)

/**
 * Reads the arguments of a call by the tool's own strict schema, and then like typed words. Throws `invalid` for what does not fit and
 * for credentials, and `denied` where the policy keeps Slackbot out.
 */
export async function readCall({ bot, user }: Calling, tool: Tool, all: unknown): Promise<ToolCall> {
  assertOpen(bot.policy)
  const { data, error } = tool.schema.safeParse(all ?? {})
  if (!data) {
    const [issue] = error.issues
    throw unfit(issue?.code === 'unrecognized_keys' ? (issue.keys[0] ?? '') : (issue?.path.join('.') ?? ''))
  }
  if (tool.does === 'find') return { kind: 'find', words: String(data.words) }
  if (tool.does === 'status' && data.request === undefined) return { kind: 'waiting' }
  const { name, given, reason } = calledIn(tool, data)
  assertAllowed(bot.policy, name)
  const command = commands.get(name)
  if (!command) throw unfit('command')
  const values = valuesOf(command, given, await typingOf(bot, user))
  if (isBareEdit(command, values)) throw new Failure('invalid', 'Give at least one new value for {command}.', { command: slash(name) })
  return { kind: 'command', name, given: values, reason }
}

/** The command of a call and its values: the tool's own command, or the one that the call names. */
function calledIn({ does }: Tool, data: Record<string, unknown>): CalledCommand {
  if (does === 'status') return { name: 'request show', given: data, reason: undefined }
  if (typeof does === 'object' && 'read' in does && does.read !== 'any') return { name: does.read, given: data, reason: undefined }
  const { command, arguments: given = {}, reason } = data as { command: string; arguments?: Given; reason?: string } // the schema of the tool says so
  return { name: command, given, reason: reason?.trim() || undefined }
}

/** The values as typed words have them. A field that is not there is left to the command's own check. */
function valuesOf(command: Command, given: Given, all: Typing): Given {
  const typing = typingFor(command, all)
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => {
      const field = fieldsOf(command).find((one) => one.name === name)
      const texts = [value].flat().filter((one) => typeof one === 'string')
      // A conversation with Slackbot stays in Slack, as a message does.
      if (field?.secret || texts.some((text) => redact(text) !== text))
        throw new Failure('invalid', '{label} is a credential. Leave it out here and enter it in the dialog.', {
          label: field?.label ?? name,
        })
      return [name, field && typeof value === 'string' ? typedValue(field, value, typing) : value]
    }),
  )
}

function unfit(name: string) {
  const label = name === '' ? 'arguments' : name
  return fieldProblem(label, 'The argument {name} is missing, unknown or of another type.', { name: label })
}
