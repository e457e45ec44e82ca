import { afterAll, expect, test } from 'vitest'
import { allOf } from '../commands/drawn.ts'
import { startBot } from '../start-bot.ts'

// A workspace that refuses tables, charts and plans: the same message goes out plainly at once, and what the workspace lacks is not tried again.

type Started = Awaited<ReturnType<typeof startBot>>

const sent = ({ slack }: Started, from: number) =>
  slack.traffic.slice(from).filter(({ direction, kind }) => direction === 'from bot' && kind === 'response_url')
const refusals = async ({ origin }: Started) =>
  [...(await (await fetch(`${origin}/metrics`)).text()).matchAll(/^quaymaster_slack_blocks_refused_total\{(.*)\} (\d+)$/gm)].map(
    ([, labels, count]) => `${labels} ${count}`,
  )

test('one call more, once; then it is sent plainly, and status says so', async () => {
  const started = await startBot()
  const { bea, slack } = started
  slack.faults({ blocks: 'refusing' })
  let before = slack.traffic.length
  const first = await bea.types('/quay tag list acme/api')
  expect(allOf(first)).toContain('• `latest` – 86 MB')
  expect(sent(started, before)).toHaveLength(2)
  before = slack.traffic.length
  expect(allOf(await bea.types('/quay tag list acme/api'))).toContain('• `latest` – 86 MB')
  expect(allOf(await bea.types('/quay team list acme'))).toContain('• `developers` – member')
  expect(sent(started, before)).toHaveLength(2)
  expect(await refusals(started)).toEqual(['block="data_table",outcome="refused" 1', 'block="data_table",outcome="remembered" 1'])
  expect(allOf(await bea.types('/quay status'))).toContain('tables not supported by Slack, charts enabled, plans enabled')
})

test('a workspace that does not say why is asked with a tiny block that nobody sees', async () => {
  const started = await startBot()
  const { bea, slack } = started
  slack.faults({ blocks: 'refusing-without-reason' })
  expect(allOf(await bea.types('/quay tag list acme/api'))).toContain('• `latest` – 86 MB')
  await expect.poll(() => refusals(started)).toContain('block="data_table",outcome="remembered" 1')
  const before = slack.traffic.length
  await bea.types('/quay tag list acme/api')
  expect(sent(started, before)).toHaveLength(1)
  expect(slack.workspace.scheduled).toEqual([])
})

test('wrong data in one message does not end tables for all', async () => {
  const started = await startBot()
  const { bea, slack } = started
  slack.faults({ failing: [{ method: 'response_url', error: '400', times: 1 }] })
  expect(allOf(await bea.types('/quay tag list acme/api'))).toContain('• `latest` – 86 MB')
  // It was tried with a tiny table, which Slack took, and which is deleted.
  await expect.poll(() => slack.traffic.some(({ name }) => name === 'chat.deleteScheduledMessage')).toBe(true)
  expect(slack.workspace.scheduled).toEqual([])
  expect(await refusals(started)).toEqual(['block="data_table",outcome="refused" 1'])
  expect(allOf(await bea.types('/quay tag list acme/api'))).toContain('• latest – 86 MB')
})

test('switched off, nothing new is sent', async () => {
  const started = await startBot({ environment: { TABLES: 'off', CHARTS: 'off', PLANS: 'off' } })
  const { bea, dora, slack } = started
  slack.faults({ blocks: 'refusing' })
  const before = slack.traffic.length
  await bea.types('/quay tag list acme/api')
  await dora.types('/quay logs totals')
  expect(sent(started, before).filter(({ status }) => status !== 200)).toEqual([])
  expect(allOf(await bea.types('/quay status'))).toContain('tables disabled, charts disabled, plans disabled')
})

const usual = await startBot({ until: afterAll })

test('a choice below a table shows the object of its row, and buttons in cells do too where they are on', async () => {
  const { bea } = usual
  const list = await bea.types('/quay repo list acme')
  const shown = await bea.post('press', { channel: 'general', ts: list.ts, action_id: 'object:open', value: 'acme/api' })
  expect(shown).toMatchObject({ ok: true })
  await expect
    .poll(async () => (await bea.sees()).some(({ text }) => /acme\/api/.test(text) && !/^Repositories/.test(text)), {
      timeout: 20_000,
    })
    .toBe(true)
})

test('Download sends all rows as a file, by the rights of whoever pressed', async () => {
  const { bea, slack } = usual
  const list = await bea.types('/quay tag list acme/api')
  expect((await bea.presses('Download', list)).text).toBe('3 rows sent by direct message.')
  const [file] = slack.workspace.files
  expect(file?.name).toBe('tag-list-acme-api.csv')
  const [header, ...rows] = (file?.content?.toString('utf8') ?? '').trim().split('\n')
  expect(header).toBe('tag,size,digest,pushed,immutable,expires')
  expect(rows).toHaveLength(3)
  expect(rows[0]).toMatch(/^latest,86\d*,sha256:\w+,20\d\d-\d\d-\d\dT/)
})
