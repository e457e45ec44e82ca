import { App, LogLevel } from '@slack/bolt'
import { openSandbox } from '../../src/sandbox/main.ts'
import { startSlack } from '../sandbox/slack/start-slack.ts'
import { percentile } from './percentile.ts'

// From a command typed in Slack to its acknowledgement, which Slack waits three seconds for: one after the other, each when the
// last was answered, and fifty at once; and, in the same run against the same simulated Slack, of a Bolt app that does nothing but acknowledge.

const count = Number(process.argv[2] ?? 200)
const together = 50
const alice = { user: 'U0ALICE', channel: 'C0ACMEDEV', text: 'repo show acme/web' }

type Type = () => Promise<{ ok: boolean; error?: string }>

async function quaymaster() {
  const sandbox = await openSandbox({ PORT: '0', LOG_LEVEL: 'error' })
  const { slack, stop } = sandbox
  let typed = 0
  const answers = () => slack.traffic.filter(({ kind }) => kind === 'response_url').length
  return {
    type: () => {
      typed += 1
      return slack.slash(alice)
    },
    /** Everything typed is answered. */
    idle: async () => {
      while (answers() < typed) await new Promise((resolve) => setTimeout(resolve, 2))
    },
    stop,
  }
}

async function emptyApp() {
  const { slack, origin, stop } = await startSlack()
  const { bot: token, app: appToken } = slack.tokens
  const app = new App({
    token,
    appToken,
    socketMode: true,
    logLevel: LogLevel.ERROR,
    clientOptions: { slackApiUrl: `${origin}/slack-sim/api/` },
  })
  app.command('/quay', async ({ ack }) => ack())
  await app.start()
  return {
    type: () => slack.slash(alice),
    idle: async () => undefined,
    stop: async () => {
      await app.stop()
      await stop()
    },
  }
}

async function took(type: Type) {
  const started = performance.now()
  const { ok, error } = await type()
  if (!ok) throw new Error(error ?? 'not acknowledged')
  return performance.now() - started
}

for (const [name, open] of Object.entries({ Quaymaster: quaymaster, 'An empty Bolt app': emptyApp })) {
  const { type, idle, stop } = await open()
  for (let index = 0; index < 20; index += 1) await took(type)
  await idle()
  const alone: number[] = []
  for (let index = 0; index < count; index += 1) {
    alone.push(await took(type))
    await idle()
  }
  const rounds: number[] = []
  for (let round = 0; round < 5; round += 1)
    rounds.push(Math.max(...(await Promise.all(Array.from({ length: together }, () => took(type))))))
  process.stdout.write(
    `${name.padEnd(20)} command → ack: median ${percentile(alone, 0.5).toFixed(1).padStart(6)} ms, slowest ${Math.max(...alone)
      .toFixed(1)
      .padStart(6)} ms; of ${together} at once the last after ${percentile(rounds, 0.5).toFixed(0).padStart(5)} ms\n`,
  )
  await stop()
}
process.exit(0)
