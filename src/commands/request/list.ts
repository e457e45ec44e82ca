import { z } from 'zod'
import { requestsWaitingFor } from '../../approvals/pending.ts'
import { listRequests, openStates } from '../../approvals/request.ts'
import { requestWord } from '../../approvals/state-label.ts'
import { command } from '../../command/command.ts'
import { bold, code, lines, message, moment } from '../../slack/blocks.ts'

export default command({
  summary: 'List your requests and those awaiting your approval',
  input: z.strictObject({
    state: z
      .enum(['open', 'all', 'waiting'])
      .default('open')
      .meta({ title: 'Show', labels: { open: 'Open', all: 'All', waiting: 'Needs your approval' } })
      .describe('Your open requests, all your requests, or those that need your approval'),
  }),
  examples: ['request list', 'request list all', 'request list waiting'],
  aliases: [
    'requests',
    'my requests',
    'needs my approval state=waiting',
    'need my approval state=waiting',
    'waiting for me state=waiting',
    'wait for me state=waiting',
    'to decide state=waiting',
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
    if (entries.length === 0) return message(mine ? t('No requests.') : t('No requests need your approval.'))
    if (!mine) {
      const rows = entries.map(({ id, operation, name, at }) =>
        t('• {id} {command}, requested by {person} {at}', { id: code(id), command: bold(operation), person: bold(name), at: moment(at) }),
      )
      return message(t('Requests that need your approval (newest first)'), ...lines(rows))
    }
    const rows = entries.map(({ id, operation, state, at }) =>
      t('• {id} {command}: {state}, requested {at}', {
        id: code(id),
        command: bold(operation),
        state: requestWord(state, t),
        at: moment(at),
      }),
    )
    return message(t('Your requests (newest first)'), ...lines(rows))
  },
})
