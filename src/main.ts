import { createServer } from 'node:http'
import { isUnconfigured, readConfig, readEnvironment } from './config.ts'
import { Failure } from './failure.ts'
import { secretsKey } from './keys.ts'
import { translator } from './language.ts'
import { openLog } from './log.ts'
import { readPolicy } from './policy/policy.ts'
import { loadOperations } from './registry.ts'
import { startBot } from './start.ts'

const environment = readEnvironment()
await (isUnconfigured(environment) ? startSandbox() : startLive()).catch(exitWith)

/** Nothing is configured: the real bot, against a simulated Slack and a simulated Quay. The image does not hold the folder. */
async function startSandbox() {
  const { banner, openSandbox } = await import('./sandbox/main.ts')
  const sandbox = await openSandbox(environment)
  process.stdout.write(banner(sandbox.origin))
  stopOnSignal(sandbox.stop)
}

async function startLive() {
  const read = readConfig(environment)
  if ('problems' in read) return refuse(read.problems)
  const { config } = read
  // The policy names commands.
  await loadOperations()
  const policy = readPolicy(config.POLICY_FILE)
  if ('problems' in policy) return refuse(policy.problems)
  const log = openLog(config)
  const database = config.DATABASE_URL === undefined ? { dataDir: config.DATA_DIR } : { databaseUrl: config.DATABASE_URL }
  const keys = await secretsKey(config.SECRETS_KEY === undefined ? { dataDir: config.DATA_DIR } : { setting: config.SECRETS_KEY })
  const { handle, stop } = await startBot({ config, policy: policy.policy, database, keys, log })
  const server = createServer((request, response) => void handle(request, response)).listen(config.PORT, config.HOST)
  log.info({ port: config.PORT, quay: config.QUAY_URL }, 'Quaymaster is running')
  stopOnSignal(async () => {
    server.close()
    await stop()
    log.info('Quaymaster has stopped')
  })
}

function refuse(problems: string[]) {
  process.stderr.write(`Quaymaster cannot start:\n${problems.map((problem) => `  ${problem}\n`).join('')}`)
  process.exitCode = 1
}

/** Stops once, gracefully; a second signal does not wait. */
function stopOnSignal(stop: () => Promise<void>) {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      void stop().then(() => process.exit(0), exitWith)
    })
  }
}

function exitWith(error: unknown) {
  const text =
    error instanceof Failure
      ? translator('en').plain(error.sentence.message, error.sentence.values)
      : error instanceof Error
        ? (error.stack ?? error.message)
        : String(error)
  process.stderr.write(`Quaymaster cannot start: ${text}\n`)
  process.exit(1)
}
