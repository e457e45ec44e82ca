import { afterAll, expect, test } from 'vitest'
import { isTaken } from '../../../src/surfaces/slackbot/card-blocks.ts'
import { tools } from '../../../src/surfaces/slackbot/tools.ts'
import { sampled } from '../../sized.ts'
import { startBot } from '../../start-bot.ts'
import { dataOf, slackbotAt } from './slackbot.ts'

const started = await startBot({ until: afterAll })
const { bot, quay, slack } = started
const slackbot = slackbotAt(started)
// Quay is away for good here, so nobody waits for it.
bot.quay.limits.pauses = []

/** A call of each tool by somebody who may, and by eve, who has nothing in acme. */
const calls: Record<string, { given: object; user?: string; everybody?: true; asksQuay?: false }> = {
  quay_list_repositories: { given: { namespace: 'acme' }, everybody: true },
  quay_show_repository: { given: { repository: 'acme/api' } },
  quay_list_tags: { given: { repository: 'acme/api' } },
  quay_list_builds: { given: { repository: 'acme/api' } },
  quay_show_build_logs: { given: { repository: 'acme/api' } },
  quay_show_scan: { given: { repository: 'acme/api' } },
  quay_list_permissions: { given: { repository: 'acme/api' }, user: 'U0BEA' },
  quay_who_can: { given: { right: 'push', object: 'acme/api' }, user: 'U0BEA' },
  quay_can_i: { given: { right: 'write', object: 'acme/api' }, everybody: true },
  quay_list_usage_logs: { given: { repository: 'acme/api' }, user: 'U0BEA' },
  quay_list_requests: { given: {}, everybody: true, asksQuay: false },
  quay_list_subscriptions: { given: {}, everybody: true, asksQuay: false },
  quay_show_quota: { given: { namespace: 'acme' }, user: 'U0DORA' },
  quay_whoami: { given: {}, everybody: true, asksQuay: false },
  quay_find_command: { given: { words: 'delete a tag' }, everybody: true, asksQuay: false },
  quay_read_command: { given: { command: 'repo show', arguments: { repository: 'acme/api' } } },
  quay_prepare_repository: { given: { command: 'repo description', arguments: { repository: 'acme/api', description: 'new' } } },
  quay_prepare_tag: { given: { command: 'tag expire', arguments: { repository: 'acme/api', tag: 'latest', never: true } } },
  quay_prepare_build: {
    given: { command: 'build start', arguments: { repository: 'acme/api', archive_url: 'https://downloads.example.com/a.tgz' } },
  },
  quay_prepare_access: { given: { command: 'team create', arguments: { organization: 'acme', team: 'fresh' } }, user: 'U0BEA' },
  quay_prepare_organization: { given: { command: 'quota set', arguments: { namespace: 'acme', size: '20GiB' } }, user: 'U0DORA' },
  quay_prepare_administration: { given: { command: 'message create', arguments: { content: 'Maintenance' } }, user: 'U0DORA' },
  quay_prepare_request: { given: { command: 'request withdraw', arguments: { request: 'k7f3m2qx' } }, everybody: true, asksQuay: false },
  quay_request_status: { given: {}, everybody: true, asksQuay: false },
}

test('each tool has its lines here', () => {
  expect(Object.keys(calls).toSorted()).toEqual(
    tools()
      .map(({ name }) => name)
      .toSorted(),
  )
})

test.each(sampled(Object.keys(calls), 5))(
  '%s: somebody who may, somebody who may not, Quay away, Slack away, over budget',
  async (name) => {
    const { given = {}, user = 'U0ALICE', everybody, asksQuay } = calls[name] ?? {}
    const changes = started.changes().length
    const happy = await slackbot.call(user, name, given)
    expect({ name, text: happy.content[0]?.text, isError: happy.isError }).toMatchObject({ isError: undefined })
    const { blocks } = happy._meta?.slack ?? {}
    if (blocks) expect(isTaken(blocks)).toBe(true)
    expect(JSON.stringify(happy)).not.toContain('"actions"')

    const eve = await slackbot.call('U0EVE', name, given)
    if (!everybody) expect({ name, ...dataOf(eve) }).toMatchObject({ refused: 'denied' })

    bot.cache.clear()
    quay.faults({ status: 503 })
    const away = await slackbot.call(user, name, given)
    quay.faults(undefined)
    if (asksQuay !== false)
      expect({ name, isError: away.isError, ...dataOf(away) }).toMatchObject({ isError: true, refused: 'unavailable' })

    bot.slack.people.clear()
    slack.faults({ status: 500 })
    const noSlack = await slackbot.call(user, name, given)
    slack.faults(undefined)
    expect({ name, isError: noSlack.isError, ...dataOf(noSlack) }).toMatchObject({ isError: true, refused: 'unavailable' })
    expect(started.changes().length).toBe(changes)
  },
  60_000,
)

test('over the budget of calls, a call is answered with what people hear then, and nothing runs', async () => {
  const narrow = await startBot({ environment: { QUAY_RATE: '1' } })
  const slackbot = slackbotAt(narrow)
  narrow.bot.quay.limits.wait = 1
  const answers = await Promise.all(
    Array.from({ length: 12 }, (_, index) =>
      slackbot.call('U0DORA', 'quay_list_repositories', { namespace: index % 2 === 0 ? 'acme' : 'globex' }),
    ),
  )
  const refused = answers.filter(({ isError }) => isError)
  expect(refused.length).toBeGreaterThan(0)
  for (const one of refused)
    expect({ ...dataOf(one), text: one.content[0]?.text }).toMatchObject({
      refused: 'unavailable',
      text: expect.stringContaining('Too many people'),
    })
  expect(narrow.changes()).toEqual([])
})
