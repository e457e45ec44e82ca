import { expect, onTestFinished, test, vi } from 'vitest'
import { commands } from '../../src/command/registry.ts'
import { newRepositories } from '../approvals/start-requests.ts'
import { startBot } from '../start-bot.ts'
import { readExposition } from './exposition.ts'

const waiting = { timeout: 30_000, interval: 30 }

interface Line {
  level: number
  msg: string
  [field: string]: unknown
}

const linesOf = (log: string): Line[] =>
  log
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Line) // pino writes JSON

test('each command ends with one line: who, which, how it ended, how long it took and what it cost, and nothing that was typed', async () => {
  const { alice, quay, log } = await startBot()
  await alice.types('/quay help')
  const ended = () => linesOf(log()).filter(({ msg }) => msg === 'command ended')
  await expect.poll(ended, waiting).toHaveLength(1)
  const before = quay.exchanges.length
  await alice.types('/quay repo show acme/api')
  await expect.poll(ended, waiting).toHaveLength(2)
  const calls = quay.exchanges.length - before
  await alice.types('/quay repo show acme/nowhere-at-all')
  await alice.types('/quay sing loudly')
  await expect.poll(ended, waiting).toHaveLength(4)
  const any = { level: 30, reference: expect.stringMatching(/\w/), user: 'U0ALICE', seconds: expect.any(Number) }
  expect(ended()).toMatchObject([
    { ...any, about: 'help', outcome: 'done', quayCalls: expect.any(Number) },
    { ...any, about: 'repo show', outcome: 'done', quayCalls: calls },
    { ...any, about: 'repo show', outcome: expect.stringMatching(/denied|not_found/) },
    { ...any, about: 'command', outcome: expect.any(String) },
  ])
  expect(new Set(ended().map(({ reference }) => reference)).size).toBe(4)
  expect(log()).not.toContain('loudly')
})

test('calls of others do not count: two commands at once have each their own', async () => {
  const { alice, bea, log } = await startBot()
  await alice.types('/quay whoami')
  await bea.types('/quay whoami')
  const costOf = (user: string) =>
    linesOf(log())
      .filter((line) => line.msg === 'command ended' && line.user === user)
      .at(-1)?.quayCalls
  await alice.types('/quay tag list acme/api')
  await expect.poll(() => linesOf(log()).filter(({ msg }) => msg === 'command ended').length, waiting).toBe(3)
  const alone = costOf('U0ALICE')
  await Promise.all([alice.types('/quay tag list acme/api'), bea.types('/quay repo list acme')])
  await expect.poll(() => linesOf(log()).filter(({ msg }) => msg === 'command ended').length, waiting).toBe(5)
  expect(costOf('U0ALICE')).toBeLessThanOrEqual(Number(alone))
})

test('a command that runs after its approval has its line too', async () => {
  const { alice, dora, log } = await startBot({ policy: { approvals: newRepositories() } })
  await alice.types('/quay repo create labs/web reason=shop')
  await dora.presses('Approve', await dora.finds(/labs\/web/, 'quay-approvals'), 'quay-approvals')
  const line = () => linesOf(log()).find(({ msg }) => msg === 'approved command ended')
  await expect.poll(line, waiting).toMatchObject({ user: 'U0ALICE', about: 'repo create', outcome: 'done', request: expect.any(String) })
  expect(line()?.quayCalls).toBeGreaterThan(0)
})

test('a scope that the app was installed without is named at the start', async () => {
  const { slack, log, restart } = await startBot()
  slack.workspace.scopes = slack.workspace.scopes.filter((scope) => scope !== 'usergroups:read')
  await restart()
  const line = () => linesOf(log()).find(({ scopes }) => JSON.stringify(scopes)?.includes('usergroups:read'))
  await expect.poll(line, waiting).toMatchObject({ level: 50, scopes: ['usergroups:read'] })
})

test('jobs, calls to Slack and acknowledgments are measured; a command that meets a bug is one', async () => {
  const { alice, origin } = await startBot({ beginsPeriods: true })
  await alice.types('/quay repo show acme/api')
  const scraped = async () => readExposition(await fetch(`${origin}/metrics`).then((response) => response.text()))
  const measured = async (name: string, labels: Record<string, string>) =>
    (await scraped()).find((one) => one.name === name && Object.entries(labels).every(([label, value]) => one.labels[label] === value))
      ?.value
  await expect.poll(() => measured('quaymaster_job_seconds_count', { job: 'sweep-requests', outcome: 'done' }), waiting).toBeGreaterThan(0)
  expect(await measured('quaymaster_slack_calls_total', { method: 'auth.test', outcome: 'ok' })).toBeGreaterThan(0)
  expect(await measured('quaymaster_slack_ack_seconds_count', { kind: 'command' })).toBe(1)
  expect(await measured('quaymaster_slack_connected', {})).toBe(1)
  expect(await measured('quaymaster_job_overruns_total', { job: 'digest' })).toBe(0)
  const show = commands.get('repo show')
  if (!show) throw new Error('there is no repo show')
  const bug = vi.spyOn(show, 'run').mockRejectedValueOnce(new TypeError('made for this test'))
  onTestFinished(() => bug.mockRestore())
  await alice.types('/quay repo show acme/api')
  expect(await measured('quaymaster_operations_total', { operation: 'repo show', outcome: 'bug' })).toBe(1)
})
