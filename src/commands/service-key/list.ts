import { z } from 'zod'
import { command } from '../../command/command.ts'
import { slice } from '../../command/slice-pages.ts'
import { listServiceKeys } from '../../quay/service-keys.ts'
import { listMessage } from '../../slack/lists/list.ts'
import { asCode, asMark, asMoment, asText } from '../../slack/lists/values.ts'

export default command({
  summary: 'List service keys',
  help: 'Services such as the security scanner use them to authenticate to Quay. A service with an expired or unapproved key can’t connect to Quay.',
  input: z.strictObject({}),
  examples: ['service-key list'],
  permissions: 'superuser',
  calls: ['GET /superuser/keys'],
  private: true,
  run: async ({ quay, bot, page, rows }) => {
    const keys = await listServiceKeys(quay)
    const entries = keys.map((key) => ({ ...key, expired: key.expires !== undefined && Date.parse(key.expires) <= bot.clock() }))
    return slice({ page, size: rows, fetch: async () => ({ entries, next: undefined }) })
  },
  view: ({ entries }, t) =>
    listMessage(
      {
        headline: t('{count, plural, =0 {Quay has no service keys.} other {Service keys of the registry}}', { count: entries.length }),
        rows: entries,
        columns: [
          { name: 'name', title: t.plain('Name'), value: ({ name }) => asCode(name || '–') },
          {
            name: 'service',
            title: t.plain('Service'),
            value: ({ service }) => asText(service),
            said: (service) => t('of {service}', { service }),
          },
          {
            name: 'key',
            title: t.plain('Service key'),
            value: ({ id }) => ({ is: 'text', look: 'code', text: id.slice(0, 12), whole: id }),
          },
          {
            name: 'expires',
            title: t.plain('Expires (UTC)'),
            none: t.plain('never expires'),
            saysNone: true,
            value: ({ expires }) => asMoment(expires),
            said: (moment, { expired }) =>
              t('{expiry, select, over {*expired {moment}*} other {expires {moment}}}', { expiry: expired ? 'over' : 'later', moment }),
          },
          {
            name: 'approved',
            title: t.plain('Approved'),
            none: t.plain('not approved'),
            saysNone: true,
            value: ({ approved }) => asMark(approved !== undefined, t.plain('approved')),
            said: () => '',
          },
        ],
      },
      t,
    ),
})
