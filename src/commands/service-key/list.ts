import { z } from 'zod'
import { command } from '../../command/command.ts'
import { slice } from '../../command/slice-pages.ts'
import { listServiceKeys } from '../../quay/service-keys.ts'
import { code, lines, message, moment } from '../../slack/blocks.ts'

export default command({
  summary: 'List service keys',
  help: 'Services such as the security scanner use them to authenticate to Quay. A service with an expired or unapproved key can’t connect to Quay.',
  input: z.strictObject({}),
  examples: ['service-key list'],
  permissions: 'superuser',
  calls: ['GET /superuser/keys'],
  private: true,
  run: async ({ quay, bot, page }) => {
    const keys = await listServiceKeys(quay)
    const entries = keys.map((key) => ({ ...key, expired: key.expires !== undefined && Date.parse(key.expires) <= bot.clock() }))
    return slice({ page, size: 20, fetch: async () => ({ entries, next: undefined }) })
  },
  view: ({ entries }, t) =>
    message(
      t('{count, plural, =0 {Quay has no service keys.} other {Service keys of the registry}}', { count: entries.length }),
      ...lines(
        entries.map(({ id, name, service, expires, expired, approved }) =>
          t(
            '• {name} of {service} ({id}), {expiry, select, never {never expires} over {*expired {moment}*} other {expires {moment}}}{approved, select, yes {} other {, *not approved*}}',
            {
              name: code(name || '–'),
              service,
              id: code(id.slice(0, 12)),
              expiry: expires === undefined ? 'never' : expired ? 'over' : 'later',
              moment: moment(Date.parse(expires ?? '')),
              approved: approved === undefined ? 'no' : 'yes',
            },
          ),
        ),
      ),
    ),
})
