import { z } from 'zod'
import { command } from '../command/command.ts'
import { Failure } from '../core/failure.ts'
import { slash } from '../core/slash-command.ts'
import { firstContact, offeredTo } from '../surfaces/first-contact.ts'
import { helpFor, helpView } from '../surfaces/help.ts'

export default command({
  summary: 'Show help',
  input: z.strictObject({ words: z.array(z.string()).default([]).meta({ title: 'Command' }).describe('A command or its first word') }),
  examples: ['help', 'help all', 'help repo create', 'help repo'],
  aliases: [
    'how does this work',
    'how does it work',
    'explain',
    '使い方',
    '使用方法',
    'コマンド一覧',
    '?',
    '-h',
    '--help',
    'man',
    'commands',
    'what can i do',
    'what can you do',
    'list commands',
    'command list',
    'how to',
    'ヘルプ',
  ],
  permissions: 'anyone',
  private: true,
  run: async ({ bot, person, channel, input: { words } }) => {
    if (words.length === 0) return firstContact(bot, person, channel)
    const found = words.join(' ') === 'all' ? { kind: 'all' as const, commands: offeredTo(bot, person) } : helpFor(bot, words)
    if (!found)
      throw new Failure('not_found', 'Unknown command {command}. See {help}.', {
        command: words.join(' '),
        help: slash('help'),
      })
    return found
  },
  view: helpView,
})
