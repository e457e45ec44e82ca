import { randomBytes } from 'node:crypto'
import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { openLog } from '../../src/core/log.ts'
import { policyOf } from '../../src/core/policy.ts'
import { requests } from '../../src/db/schema.ts'
import { startBot } from '../start-bot.ts'

const { approvals } = policyOf({
  approvals: [
    { name: 'mirrors', operations: ['mirror create'], ask: 'always', channel: 'C0APPROVALS', approvers: ['quay:namespace-admin'] },
  ],
})

test('credentials planted wherever one comes in are found nowhere: not in the database, the log, messages, the audit, the traffic', async () => {
  const secretsKey = randomBytes(32).toString('base64')
  const { alice, bea, carl, dora, slack, quay, bot, log, origin } = await startBot({
    environment: { LOG_LEVEL: 'trace', SECRETS_KEY: secretsKey },
    policy: { approvals, archives: { hosts: ['*.example.com'] } },
  })
  const planted: Record<string, string> = {
    QUAY_TOKEN: bot.config.QUAY_TOKEN,
    SLACK_BOT_TOKEN: slack.tokens.bot,
    SLACK_APP_TOKEN: slack.tokens.app,
    SECRETS_KEY: secretsKey,
  }

  // What Quay makes: revealed, opened, and one of them deleted.
  await bea.types('/quay robot create acme+canary')
  planted['a robot’s token'] = quay.registry.robots.find(({ name }) => name === 'acme+canary')?.token ?? ''
  const modal = await bea.pressesToOpen('Reveal', await bea.finds(/is ready/), 'bea')
  expect(JSON.stringify(modal)).toContain(planted['a robot’s token'])
  await bea.pressesIn('credential:done', modal)
  await dora.types('/quay user create jo email=jo@example.com')
  planted['a new password'] = quay.registry.users.find(({ name }) => name === 'jo')?.password ?? ''

  // What people give: by a modal, waiting in a request, and by words, where it is refused.
  planted['a mirror’s password'] = 'Canary-mirror-7d1c'
  const mirror = await bea.opens('/quay mirror create reason="It is needed"')
  const all = await bea.pressesIn('modal:more', mirror)
  await bea.submits(all, {
    repository: 'acme/mirrored',
    external_reference: 'quay.io/minio/mc',
    robot: 'acme+ci',
    username: 'someone',
    password: planted['a mirror’s password'],
  })
  await expect.poll(async () => (await bea.sees('quay-approvals')).length, { timeout: 20_000 }).toBeGreaterThan(0)
  expect(await bot.db.$count(requests)).toBe(1)
  planted['a password in words'] = 'Canary-typed-3e9a'
  await bea.types(`/quay mirror create acme/typed quay.io/minio/mc password=${planted['a password in words']}`)
  planted['a password in an address'] = 'Canary-userinfo-51bb'
  await bea.types(`/quay build start acme/api https://bea:${planted['a password in an address']}@downloads.example.com/web.tar.gz`)
  planted['a signature in an address'] = 'Canary-signature-88d2'
  await bea.types(`/quay build start acme/api https://downloads.example.com/web.tar.gz?signature=${planted['a signature in an address']}`)
  // Words that are no command are said back to who typed them, and kept nowhere.
  const typed = { 'a command that is none': 'Canary-nonsense-1f0e', 'a field that is none': 'Canary-unknown-6c4d' }
  await alice.types(`/quay ${typed['a command that is none']} please`)
  await alice.types(`/quay repo create acme/web tokne=${typed['a field that is none']}`)

  // The addresses at which Quay tells the bot.
  await bea.types('/quay subscribe acme/api events=builds', 'acme-dev')
  for (const { config, event } of quay.registry.repositories.flatMap(({ notifications }) => notifications))
    planted[`the address of ${event}`] =
      String((config as { url?: string }).url ?? '')
        .split('/')
        .at(-1) ?? ''

  // And Quay in all its moods, with the token in every call.
  for (const faults of [{ status: 500 }, { status: 401 }, { cut: true }]) {
    quay.faults({ ...faults, times: 3 })
    await carl.types('/quay repo show acme/api')
  }
  quay.faults(undefined)

  expect(
    Object.values(planted).every((value) => value.length > 8),
    JSON.stringify(planted),
  ).toBe(true)
  const places = {
    database: await rowsOf(bot),
    log: log(),
    messages: JSON.stringify([slack.workspace.messages, slack.workspace.views, slack.workspace.homes, slack.workspace.files]),
    traffic: await (await fetch(`${origin}/_control/log`)).text(),
    metrics: await (await fetch(`${origin}/metrics`)).text(),
  }
  // What stands there must be there, or nothing was looked at.
  for (const text of [places.database, places.messages, places.traffic]) expect(text).toContain('acme/api')
  expect(places.log).toContain('refused or failed')
  expect(found(places, planted)).toEqual([])
  const { database, log: lines } = places
  expect(found({ database, lines }, typed)).toEqual([])
}, 180_000)

test('the log keeps no credential of the settings, in whichever form an error holds it', () => {
  const lines: string[] = []
  const settings = {
    DATABASE_URL: 'postgres://bot:p%40ss%22word@db/quaymaster',
    SECRETS_KEY: 'a key with "quotes" of thirty-two',
    QUAY_TOKEN: 'q'.repeat(40),
  }
  const log = openLog({ ...settings, LOG_LEVEL: 'trace' }, { write: (line) => void lines.push(line) })
  const error = Object.assign(new Error(`cannot connect to ${settings.DATABASE_URL}`), {
    password: 'p@ss"word',
    token: settings.QUAY_TOKEN,
  })
  log.error({ err: error, key: settings.SECRETS_KEY, raw: 'p%40ss%22word' }, 'p@ss"word')
  expect(lines.join('')).not.toMatch(/p@ss|p%40ss|with .{1,2}quotes|qqqq/)
  expect(() => JSON.parse(lines.join(''))).not.toThrow()
})

/** Every row of every table, those of the jobs too, as text. */
async function rowsOf({ db }: Pick<Awaited<ReturnType<typeof startBot>>['bot'], 'db'>) {
  const { rows: tables } = await db.execute<{ name: string }>(
    sql`select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname not in ('pg_catalog', 'information_schema')`,
  )
  const contents = await Promise.all(
    tables.map(({ name }) => db.execute<{ row: string }>(sql`select t::text as row from ${sql.raw(name)} t`)),
  )
  return contents.flatMap(({ rows }) => rows.map(({ row }) => row)).join('\n')
}

function found(places: Record<string, string>, planted: Record<string, string>) {
  return Object.entries(places).flatMap(([place, text]) =>
    Object.entries(planted).flatMap(([what, value]) => {
      const forms = [value, encodeURIComponent(value), Buffer.from(value).toString('base64').slice(2, -4)]
      const form = forms.find((one) => text.includes(one))
      return form === undefined
        ? []
        : [`${what} in ${place}: …${text.slice(Math.max(0, text.indexOf(form) - 160), text.indexOf(form) + 40)}`]
    }),
  )
}
