import { expect, test } from 'vitest'
import { credential } from '../../src/core/credential.ts'
import { translator } from '../../src/core/i18n.ts'
import type { LogEntry } from '../../src/quay/logs.ts'
import { section } from '../../src/slack/blocks.ts'
import { barChart, lineChart, pieChart } from '../../src/slack/charts.ts'
import { fitted } from '../../src/slack/fitted.ts'
import { listMessage } from '../../src/slack/lists/list.ts'
import { asId, asNumber, asSize, asText } from '../../src/slack/lists/values.ts'
import type { MessageBlock } from '../../src/slack/message-blocks.ts'
import { fetchWithReason } from '../../src/slack/response-url.ts'
import { folded } from '../../src/slack/views/folded-log.ts'
import { filtered } from '../../src/slack/views/log-page.ts'
import { credentialModal } from '../../src/surfaces/secrets/modal.ts'

const t = translator('en')
const all = { table: true, chart: true, plan: true, cellButtons: false }
const points = (many: number) => Array.from({ length: many }, (_, index) => ({ label: `part ${index}`, value: index + 1 }))

test('a chart goes only where charts are drawn, at most two in a message, and what stands around them stays', () => {
  const chart = pieChart('Sizes', points(3), 'Rest')
  if (!chart) throw new Error('no chart')
  const blocks: MessageBlock[] = [section('before'), chart, chart, chart, section('after')]
  const types = (chartsToo: boolean) => fitted({ text: 'x', blocks }, { ...all, chart: chartsToo }).blocks.map(({ type }) => type)
  expect(types(true)).toEqual(['section', 'data_visualization', 'data_visualization', 'section'])
  expect(types(false)).toEqual(['section', 'section'])
})

test('a chart has from two to twenty points, or there is none', () => {
  const over = (many: number, series = 1) =>
    lineChart({
      title: 'Usage',
      categories: points(many).map(({ label }) => label),
      series: Array.from({ length: series }, () => ({ name: 'pushes', values: points(many).map(({ value }) => value) })),
      rest: 'Rest',
    })
  expect([0, 1, 2, 20, 21].map((many) => over(many) !== undefined)).toEqual([false, false, true, true, false])
  expect(over(5, 0)).toBeUndefined()
  const bars = (many: number) => barChart({ title: 'Storage', name: 'size', unit: 'GB', points: points(many) })
  expect([0, 1, 2].map((many) => bars(many) !== undefined)).toEqual([false, false, true])
  expect(JSON.stringify(bars(25)).match(/"value"/g)).toHaveLength(20)
  expect(pieChart('Sizes', [{ label: 'none', value: 0 }, ...points(1)], 'Rest')).toBeUndefined()
})

test('an id is shown short and kept whole; with an address it is a link, without one code', () => {
  const id = '1efb4334-1781-407c-aab1-d7a02c000001'
  expect(asId(id)).toEqual({ is: 'text', text: '1efb4334', whole: id, look: 'code' })
  expect(asId(id, { url: 'https://quay.example.com/x' })).toEqual({
    is: 'text',
    text: '1efb4334',
    whole: id,
    url: 'https://quay.example.com/x',
  })
})

test('a number that Quay does not say is no value; zero is one', () => {
  expect([asNumber(undefined, t), asSize(undefined, t), asText(''), asText(null)]).toEqual([undefined, undefined, undefined, undefined])
  expect([asNumber(0, t), asSize(0, t)]).toMatchObject([{ number: 0, text: '0' }, { number: 0 }])
})

test('a notification names what a list holds, unless a row has no name', () => {
  const columns = [{ name: 'name', title: 'Name', value: ({ name }: { name?: string }) => asText(name) }]
  const said = (...names: (string | undefined)[]) =>
    listMessage({ headline: 'Robots:', rows: names.map((name) => ({ ...(name !== undefined && { name }) })), columns }, t).text
  expect(said('ci', 'cd')).toMatch(/^Robots: ci.*cd$/)
  expect(said('a', 'b', 'c', 'd', 'e')).toMatch(/^Robots: a.*b.*c and 2 more$/)
  expect(said('ci', undefined)).toBe('Robots:')
  expect(said()).toBe('Robots:')
})

const entry = (more: Partial<LogEntry> = {}): LogEntry => ({
  kind: 'pull_repo',
  at: '2026-11-29T10:00:00Z',
  performer: { name: 'acme+ci', kind: 'robot' },
  namespace: 'acme',
  repository: 'acme/api',
  ip: '192.0.2.1',
  details: {},
  ...more,
})

test('what is the same in a row of a usage log is one line with its number, and nothing else is added to it', () => {
  const older = entry({ at: '2026-11-29T09:00:00Z' })
  expect(folded([entry(), older, older])).toEqual([{ ...entry(), times: 3 }])
  const others = [
    entry({ kind: 'push_repo' }),
    entry({ performer: { name: 'bea', kind: 'user' } }),
    entry({ performer: { name: 'acme+ci', kind: 'user' } }),
    entry({ repository: 'acme/base' }),
    entry({ namespace: 'globex' }),
    entry({ ip: '192.0.2.2' }),
  ]
  for (const other of others) expect(folded([entry(), other, entry()])).toEqual([entry(), other, entry()])
})

test('a page of a usage log is filtered by who did it and by what it was, by both where both are given', () => {
  const entries = [
    entry(),
    entry({ kind: 'push_repo' }),
    entry({ performer: undefined }),
    entry({ performer: { name: 'bea', kind: 'user' } }),
  ]
  const left = (filters: Parameters<typeof filtered>[1]) =>
    filtered({ entries, next: undefined, from: undefined, to: undefined, peek: true }, filters).entries.map((one) => entries.indexOf(one))
  expect(left({})).toEqual([0, 1, 2, 3])
  expect(left({ actor: 'acme+ci' })).toEqual([0, 1])
  expect(left({ actor: 'nobody' })).toEqual([])
  expect(left({ kind: 'pull_repo' })).toEqual([0, 2, 3])
  expect(left({ actor: 'acme+ci', kind: 'push_repo' })).toEqual([1])
})

test('why a response URL refused a reply is read, and any other answer stays as Slack gave it', async () => {
  const answered = async (status: number, words: string, headers: Record<string, string> = {}) => {
    const response = new Response(words, { status, headers, statusText: 'as it was' })
    const read = await fetchWithReason({ fetch: async () => response })('https://hooks.slack.com/x')
    return { same: read === response, read, said: await read.text() }
  }
  for (const [status, headers] of [
    [200, {}],
    [429, { 'retry-after': '7' }],
    [500, {}],
    [503, {}],
  ] as const)
    expect(await answered(status, 'x', headers), String(status)).toMatchObject({ same: true, said: 'x' })
  const { read, said } = await answered(404, `invalid_blocks\n“${'x'.repeat(2000)}`, { 'x-slack': 'kept' })
  expect(read.status).toBe(404)
  expect(read.headers.get('x-slack')).toBe('kept')
  expect(said).toHaveLength(2016)
  expect(read.statusText).toMatch(/^invalid_blocks {2}x+$/)
  expect(read.statusText).toHaveLength(1000)
})

test('a credential is shown whole, and as a snippet only where there is somebody to log in as', () => {
  const secret = credential().parse('sesame-open-1234')
  const shown = (context: Record<string, string>) =>
    credentialModal(
      'the secret’s id',
      { credentials: { token: secret }, context, what: { message: 'Token of {robot}', values: { robot: 'acme+ci' } } },
      t,
    ).blocks.map((block) => ({
      id: block.block_id,
      value: 'element' in block && block.element.type === 'plain_text_input' ? block.element.initial_value : undefined,
      block,
    }))
  for (const context of [{}, { username: 'acme+ci' }, { registry: 'quay.example.com' }]) {
    const blocks = shown(context as Record<string, string>)
    expect(blocks.map(({ id }) => id)).toEqual([undefined, 'credential:token', 'credential:done'])
    expect(blocks[1]?.value).toBe('sesame-open-1234')
    expect(JSON.stringify(blocks[2]?.block)).toContain('"value":"the secret’s id"')
  }
  const whole = shown({ username: 'acme+ci', registry: 'quay.example.com' })
  expect(whole.map(({ id }) => id)).toEqual([
    undefined,
    'credential:token',
    'credential:podman',
    'credential:kubernetes',
    'credential:docker',
    'credential:done',
  ])
  expect(whole[2]?.value).toBe("podman login quay.example.com -u='acme+ci' -p='sesame-open-1234'")
  const auth = JSON.parse(whole[4]?.value ?? '').auths['quay.example.com'].auth
  expect(Buffer.from(auth, 'base64').toString()).toBe('acme+ci:sesame-open-1234')
  const inSecret = /dockerconfigjson: (\S+)/.exec(whole[3]?.value ?? '')?.[1] ?? ''
  expect(Buffer.from(inSecret, 'base64').toString()).toBe(whole[4]?.value)
})
