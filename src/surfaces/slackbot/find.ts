import type { CallToolResult } from '@modelcontextprotocol/server'
import { usageOf } from '../../command/arguments.ts'
import type { Command } from '../../command/command.ts'
import { isOffered } from '../../command/offered.ts'
import { commands, findCommand } from '../../command/registry.ts'
import { searched } from '../../command/search.ts'
import { noTyping } from '../../command/tidy.ts'
import { translator } from '../../core/i18n.ts'
import { identifyInSlack } from '../../security/identity.ts'
import { answerWith } from './answer.ts'
import type { Calling } from './calling.ts'
import { toolFields } from './tool-schema.ts'
import { toolFor } from './tools.ts'

/** The commands that these words may mean, with their fields and the tool for each. It tells nothing but our own declarations. */
export async function findCommands({ bot, user }: Calling, words: string): Promise<CallToolResult> {
  const t = translator((await identifyInSlack(bot, user)).language)
  const all = words.replace(/^\s*\/?quay\s/i, '').split(/\s+/)
  const exact = findCommand(all)
  const found = [...(exact ? [exact] : []), ...searched(all, noTyping)].filter(({ command }) => isOffered(bot, command))
  const names = [...new Set(found.map(({ name }) => name))].slice(0, 4)
  const sentence = t.plain(
    '{count, plural, =0 {No matching command. Try other words.} one {# matching command:} other {# matching commands:}}',
    {
      count: names.length,
    },
  )
  return answerWith(sentence, { commands: names.flatMap((name) => describe(name, commands.get(name))) })
}

function describe(name: string, command: Command | undefined) {
  if (!command) return []
  const tool = toolFor(name)
  const fields = toolFields(command).map(({ name: field, hint, type, options, required }) => ({
    field,
    type,
    ...(required && { required }),
    ...(options.length > 0 && { options }),
    ...(hint !== undefined && { hint }),
  }))
  const how = tool ? { tool: tool.name } : { typed_only: usageOf(name, command) }
  return [{ command: name, summary: command.summary, changes: command.changes !== undefined, ...how, fields }]
}
