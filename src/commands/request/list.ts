import { z } from 'zod'
import { requestsWaitingFor } from '../../approvals/pending.ts'
import { listRequests, openStates } from '../../approvals/request.ts'
import { requestWord } from '../../approvals/state-label.ts'
import { command } from '../../command/command.ts'
import { bold, code, lines, message, moment } from '../../slack/blocks.ts'

export default command({
  summary: 'List your requests, and those that wait for you',
  input: z.strictObject({
    state: z
      .enum(['open', 'all', 'waiting'])
      .default('open')
      .meta({ labels: { open: 'Open', all: 'All', waiting: 'Waiting for me' } })
      .describe('Yours that are not over yet, all of yours, or what waits for your own decision'),
  }),
  examples: ['request list', 'request list all', 'request list waiting'],
  aliases: [
    'requests',
    'my requests',
    'inbox',
    'pending state=waiting',
    'waiting state=waiting',
    'approvals state=waiting',
    'to approve state=waiting',
    'approve state=waiting',
    'deny state=waiting',
    'pending requests state=waiting',
    'todo state=waiting',
  ],
  permissions: 'anyone',
  private: true,
  run: async ({ bot, person, input, page }) => {
    const states = input.state === 'open' ? openStates : undefined
    const mine = input.state !== 'waiting'
    const { entries, next } = mine
      ? await listRequests(bot, { team: person.team, requester: person.id, states, page })
      : { entries: await requestsWaitingFor(bot, person, 20), next: undefined }
    const shown = entries.map(({ id, operation, state, name, createdAt }) => ({ id, operation, state, name, at: createdAt.getTime() }))
    return { mine, entries: shown, next }
  },
  view: ({ entries, mine }, t) => {
    if (entries.length === 0) return message(mine ? t('You have no requests here.') : t('Nothing waits for your decision.'))
    if (!mine) {
      const rows = entries.map(({ id, operation, name, at }) =>
        t('• {id} {command}, asked by {person} {at}', { id: code(id), command: bold(operation), person: bold(name), at: moment(at) }),
      )
      return message(t('What waits for your decision, the newest first'), ...lines(rows))
    }
    const rows = entries.map(({ id, operation, state, at }) =>
      t('• {id} {command}: {state}, asked {at}', { id: code(id), command: bold(operation), state: requestWord(state, t), at: moment(at) }),
    )
    return message(t('Your requests, the newest first'), ...lines(rows))
  },
})
