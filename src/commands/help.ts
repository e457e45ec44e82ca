import { z } from 'zod'
import { command } from '../command/command.ts'
import { Failure } from '../core/failure.ts'
import { helpFor, helpView, overviewFor } from '../surfaces/help.ts'

export default command({
  summary: 'Show help',
  input: z.strictObject({ words: z.array(z.string()).default([]).meta({ title: 'Command' }).describe('A command or its first word') }),
  examples: ['help', 'help repo create', 'help repo'],
  permissions: 'anyone',
  private: true,
  run: async ({ bot, person, input: { words } }) => {
    const found = words.length === 0 ? await overviewFor(bot, person) : helpFor(bot, words)
    if (!found)
      throw new Failure('not_found', 'Unknown command {command}. See {help}.', {
        command: words.join(' '),
        help: '/quay help',
      })
    return found
  },
  view: helpView,
})
