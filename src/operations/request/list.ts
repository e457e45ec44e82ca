import { z } from 'zod'
import { requestWord } from '../../draw/request.ts'
import { operation } from '../../operation.ts'
import { listRequests, type RequestState } from '../../requests/request.ts'
import { bold, code, lines, message, moment } from '../../slack/blocks.ts'

const open: RequestState[] = ['pending', 'approved', 'running', 'unknown']

export default operation({
  summary: 'List your requests',
  help: 'What waits for your own decision is in the approval channels.',
  input: z.strictObject({
    state: z
      .enum(['open', 'all'])
      .default('open')
      .meta({ labels: { open: 'Open', all: 'All' } })
      .describe('Only what is not over yet, or all'),
  }),
  examples: ['request list', 'request list all'],
  needs: 'anyone',
  private: true,
  run: async ({ bot, person, input, page }) => {
    const states = input.state === 'open' ? open : undefined
    const { entries, next } = await listRequests(bot, { team: person.team, requester: person.id, states, page })
    const shown = entries.map(({ id, operation, state, createdAt }) => ({ id, operation, state, at: createdAt.getTime() }))
    return { entries: shown, next }
  },
  view: ({ entries }, t) => {
    if (entries.length === 0) return message(t('You have no requests here.'))
    const rows = entries.map(({ id, operation, state, at }) =>
      t('• {id} {command}: {state}, asked {at}', { id: code(id), command: bold(operation), state: requestWord(state, t), at: moment(at) }),
    )
    return message(t('Your requests, the newest first'), ...lines(rows))
  },
})
