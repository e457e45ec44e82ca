import { createServer } from 'node:http'
import { type Environment, isUnconfigured, readConfig, readEnvironment } from './config.ts'
import { Failure } from './failure.ts'
import { secretsKey } from './keys.ts'
import { translator } from './language.ts'
import { listen } from './listen.ts'
import { openLog, redact, secretsOf } from './log.ts'
import { readPolicy } from './policy/policy.ts'
import { loadOperations } from './registry.ts'
import { type Started, startBot } from './start.ts'

await start().catch(ended('cannot start'))

async function start() {
  const environment = readEnvironment()
  await (isUnconfigured(environment) ? startSandbox(environment) : startLive(environment)).catch(ended('cannot start', environment))
}

/** Nothing is configured: the real bot, against a simulated Slack and a simulated Quay. The image does not hold the folder. */
async function startSandbox(environment: Environment) {
  const { banner, openSandbox } = await import('./sandbox/main.ts')
  const sandbox = await openSandbox(environment)
  process.stdout.write(banner(sandbox.origin))
  stopOnSignal(sandbox.stop)
}

async function startLive(environment: Environment) {
  const read = readConfig(environment)
  if ('problems' in read) return refuse(read.problems)
  const { config } = read
  // The policy names commands.
  await loadOperations()
  const policy = readPolicy(config.POLICY_FILE)
  if ('problems' in policy) return refuse(policy.problems)
  const log = openLog(config)
  // Node itself would print the error with all that it holds.
  process.on('uncaughtException', (err) => {
    log.fatal({ err }, 'an error that nobody caught')
    process.exit(1)
  })
  const database = config.DATABASE_URL === undefined ? { dataDir: config.DATA_DIR } : { databaseUrl: config.DATABASE_URL }
  const keys = await secretsKey(config.SECRETS_KEY === undefined ? { dataDir: config.DATA_DIR } : { setting: config.SECRETS_KEY })
  let started: Started | undefined
  const server = createServer((request, response) => {
    if (started) return void started.handle(request, response)
    response.writeHead(503, { 'retry-after': '1' }).end()
  })
  await listen(server, config.PORT, config.HOST)
  stopOnSignal(async () => {
    server.close()
    // What a start has half done survives its end.
    await started?.stop()
    log.info('Quaymaster has stopped')
  })
  started = await startBot({ config, policy: policy.policy, database, keys, log })
  log.info({ port: config.PORT, quay: config.QUAY_URL }, 'Quaymaster is running')
}

function refuse(problems: string[]) {
  process.stderr.write(`Quaymaster cannot start:\n${problems.map((problem) => `  ${problem}\n`).join('')}`)
  process.exitCode = 1
}

/** Stops once, gracefully; a second signal does not wait. */
function stopOnSignal(stop: () => Promise<void>) {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      void stop().then(() => process.exit(0), ended('could not stop as it should'))
    })
  }
}

function ended(how: string, environment: Environment = {}) {
  return (error: unknown) => {
    // An error of a driver may hold whatever it was given.
    process.stderr.write(`Quaymaster ${how}: ${redact(textOf(error), secretsOf(environment))}\n`)
    process.exit(1)
  }
}

function textOf(error: unknown) {
  if (error instanceof Failure) return translator('en').plain(error.sentence.message, error.sentence.values)
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
