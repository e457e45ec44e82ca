import { z } from 'zod'
import { requestsWaitingFor } from '../../approvals/pending.ts'
import { listRequests, openStates, type Request } from '../../approvals/request.ts'
import { requestWord } from '../../approvals/state-label.ts'
import { command } from '../../command/command.ts'
import { wordOf } from '../../command/object-kinds.ts'
import { objectOf } from '../../command/objects.ts'
import { commands } from '../../command/registry.ts'
import type { Markup } from '../../core/markup.ts'
import { listMessage } from '../../slack/lists/list.ts'
import { asBold, asCode, asId, asMoment, asText } from '../../slack/lists/values.ts'

interface Row {
  id: string
  operation: string
  state: Request['state']
  name: string
  at: number
  /** What the command is about, as it is typed. */
  object?: string | undefined
}

function rowOf({ id, operation, state, name, createdAt, input }: Request): Row {
  const declared = commands.get(operation)
  const about = declared && objectOf(operation, declared, input, undefined)
  return { id, operation, state, name, at: createdAt.getTime(), object: about && wordOf(about) }
}

export default command({
  summary: 'List your requests and those awaiting your approval',
  input: z.strictObject({
    state: z
      .enum(['open', 'all', 'waiting'])
      .default('open')
      .meta({ title: 'Show', labels: { open: 'Open requests', all: 'All requests', waiting: 'Needs your approval' } })
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
  run: async ({ bot, person, input, page, rows }) => {
    const states = input.state === 'open' ? openStates : undefined
    const mine = input.state !== 'waiting'
    const { entries, next } = mine
      ? await listRequests(bot, { team: person.team, requester: person.id, states, page, limit: rows })
      : { entries: await requestsWaitingFor(bot, person, 20), next: undefined }
    return { mine, entries: entries.map(rowOf), next }
  },
  view: ({ entries, mine }, t) =>
    listMessage(
      {
        headline: mine
          ? t('{count, plural, =0 {No requests.} other {Your requests (newest first)}}', { count: entries.length })
          : t('{count, plural, =0 {No requests need your approval.} other {Requests that need your approval (newest first)}}', {
              count: entries.length,
            }),
        rows: entries,
        columns: [
          { name: 'request', title: t.plain('Request'), value: ({ id }) => asId(id) },
          { name: 'command', title: t.plain('Command'), value: ({ operation }) => asBold(operation) },
          { name: 'object', title: t.plain('On'), value: ({ object }) => asCode(object), said: (name) => t('on {name}', { name }) },
          ...(mine
            ? [{ name: 'state', title: t.plain('State'), value: ({ state }: Row) => asText(requestWord(state, t)) }]
            : [
                {
                  name: 'requester',
                  title: t.plain('Requested by'),
                  value: ({ name }: Row) => asBold(name),
                  said: (person: Markup) => t('requested by {person}', { person }),
                },
              ]),
          {
            name: 'requested',
            title: t.plain('Requested (UTC)'),
            value: ({ at }) => asMoment(at),
            said: (at) => t('requested {at}', { at }),
          },
        ],
      },
      t,
    ),
})
