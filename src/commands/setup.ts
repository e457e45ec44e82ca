import { z } from 'zod'
import { command } from '../command/command.ts'
import { readSetUp } from '../quay/set-up.ts'
import { setUpView } from '../slack/views/set-up.ts'

export default command({
  summary: 'Show what Quaymaster can access in this registry and what to set up',
  help: 'A checklist for the operators of Quay: missing flags, scopes and teams, and the next step for each.',
  aliases: [
    'what can the bot',
    'bot access',
    'bot permissions',
    'what has the bot',
    'set this up',
    'get started',
    'getting started',
    'onboarding',
    'install',
  ],
  input: z.strictObject({}),
  examples: ['setup'],
  permissions: 'superuser',
  private: true,
  run: ({ quay, bot }) => readSetUp(quay, bot.policy.protected),
  next: ({ others, scoped, repositories, account }) =>
    others.length > 0 && scoped !== false && repositories !== false && account !== undefined
      ? [{ operation: 'org take-ownership', input: others.length === 1 ? { organization: others[0] } : {} }]
      : [],
  view: setUpView,
})
