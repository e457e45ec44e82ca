import { requests } from '../../src/db/schema.ts'
import { openSandbox } from '../../src/sandbox/main.ts'
import { percentile } from './percentile.ts'

// From pressing Approve in Slack to the call at Quay, on an idle bot, one request after the other; and, in the same run on the
// same machine, what one bare HTTP round trip to the same simulated Quay takes.

const count = Number(process.argv[2] ?? 100)
const limit = 30_000

const sandbox = await openSandbox({ PORT: '0', LOG_LEVEL: 'error' })
const { slack, quay, bot, origin, clock } = sandbox

async function until<Value>(look: () => Value | undefined | Promise<Value | undefined>): Promise<Value> {
  const started = performance.now()
  for (;;) {
    const found = await look()
    if (found !== undefined) return found
    if (performance.now() - started > limit) throw new Error('checked in Quay: it was not done.')
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}

async function fromApproveToCall(index: number) {
  const repository = `globex/bench${index}`
  await slack.slash({ user: 'U0ALICE', channel: 'C0ACMEDEV', text: `repo create ${repository} reason=bench` })
  const ts = await until(
    async () =>
      (await bot.db.select().from(requests)).find(
        ({ input, cardTs, drawn, version }) => input.repository === repository && cardTs && drawn === version,
      )?.cardTs ?? undefined,
  )
  const before = quay.exchanges.length
  const pressed = clock.now()
  const press = slack.press({ user: 'U0DORA', channel: 'C0APPROVALS', ts, label: 'Approve' })
  const call = await until(() =>
    quay.exchanges.slice(before).find(({ method, path }) => method === 'POST' && path === '/api/v1/repository'),
  )
  await press
  // The bot is idle again before the next one.
  await until(async () =>
    (await bot.db.select().from(requests)).every(({ state, drawn, version }) => state === 'succeeded' && drawn === version)
      ? true
      : undefined,
  )
  return {
    took: call.at - pressed,
    reads: quay.exchanges.slice(before).filter(({ method, at }) => method === 'GET' && at <= call.at).length,
  }
}

async function bareRoundTrip() {
  const started = performance.now()
  await (await fetch(`${origin}/api/v1/superuser/users/alice`, { headers: { authorization: `Bearer ${bot.quay.token.reveal()}` } })).text()
  return performance.now() - started
}

const bare: number[] = []
const approvals: { took: number; reads: number }[] = []
for (let index = 0; index < count; index += 1) {
  approvals.push(await fromApproveToCall(index))
  bare.push(await bareRoundTrip())
}
const took = approvals.map((one) => one.took)
const reads = percentile(
  approvals.map((one) => one.reads),
  0.5,
)
const line = (name: string, values: number[]) =>
  `${name.padEnd(34)} p50 ${percentile(values, 0.5).toFixed(1).padStart(7)} ms   p99 ${percentile(values, 0.99).toFixed(1).padStart(7)} ms\n`
process.stdout.write(line(`Approve → call at Quay (${count} times)`, took))
process.stdout.write(line('A bare HTTP round trip', bare))
process.stdout.write(
  `Between press and call Quay is read ${reads} times: that alone is about ${(percentile(bare, 0.5) * reads).toFixed(0)} ms one after the other. Aim: p50 100 ms, p99 1000 ms.\n`,
)
await sandbox.stop()
process.exit(0)
