import { createServer } from 'node:http'
import type { Logger } from 'pino'
import { commandProblem } from '../approvals/policy-checks.ts'
import { loadCommands } from '../command/registry.ts'
import { type Environment, readConfig } from '../core/config.ts'
import { secretsKey } from '../core/keys.ts'
import { openLog } from '../core/log.ts'
import { trustAuthorities } from '../core/network.ts'
import { readPolicy } from '../core/policy.ts'
import { setSlashCommand } from '../core/slash-command.ts'
import { openControl } from './control.ts'
import { listen } from './listen.ts'
import { type Started, startBot } from './start.ts'
import { answerBackup } from './tools/backup.ts'
import { answerExport } from './tools/export-audit.ts'

/**
 * Serves the configured bot. Invalid settings and all problems of the policy go to stderr, with exit code 1.
 * `stopOnSignal` gets the stop function as soon as there is something to stop. Throws a Failure that says what to do.
 */
export async function serve(environment: Environment, stopOnSignal: (stop: () => Promise<void>) => void) {
  const read = readConfig(environment)
  if ('problems' in read) return refuse(read.problems)
  const { config } = read
  const authorities = config.CA_FILE ?? config.QUAY_CA_FILE
  if (authorities !== undefined) trustAuthorities(authorities)
  setSlashCommand(config.SLACK_COMMAND)
  // The policy names commands, so they are loaded first.
  await loadCommands()
  const policy = readPolicy(config.POLICY_FILE, commandProblem)
  if ('problems' in policy) return refuse(policy.problems)
  const log = openLog(config)
  // Node itself would print the error with all its fields.
  process.on('uncaughtException', (err) => {
    log.fatal({ err }, 'uncaught exception')
    process.exit(1)
  })
  // A rejection that nobody awaited: one thing has failed, and the process goes on.
  process.on('unhandledRejection', (err) => log.error({ err }, 'unhandled promise rejection'))
  const database =
    config.DATABASE_URL === undefined ? { dataDir: config.DATA_DIR } : { databaseUrl: config.DATABASE_URL, pool: config.DATABASE_POOL }
  const keys = await secretsKey({
    setting: config.SECRETS_KEY,
    ...(config.DATABASE_URL === undefined && { dataDir: config.DATA_DIR }),
  })
  let started: Started | undefined
  let closeControl: (() => void) | undefined
  const server = createServer((request, response) => {
    if (started) return void started.handle(request, response)
    response.writeHead(503, { 'retry-after': '1' }).end()
  })
  await listen(server, config.PORT, config.HOST)
  stopOnSignal(async () => {
    server.close()
    closeControl?.()
    // A start may be interrupted halfway; what it leaves behind is harmless.
    await started?.stop()
    log.info('Quaymaster has stopped')
  })
  const policyFile = config.POLICY_FILE === undefined ? undefined : { path: config.POLICY_FILE, text: policy.text ?? '' }
  changeLevelOnSignal(log)
  started = await startBot({ config, policy: policy.policy, policyFile, where: policy.where, database, keys, log })
  if (started.copyTo)
    closeControl = openControl(
      config.DATA_DIR,
      { backup: answerBackup(started, config.DATA_DIR), 'export-audit': answerExport(started.bot.db) },
      log,
    )
  log.info({ port: config.PORT, quay: config.QUAY_URL }, 'Quaymaster is running')
}

/** SIGUSR2 makes the log tell more (debug), and a second one as much as before. */
function changeLevelOnSignal(log: Logger) {
  let before = 'debug'
  // Windows has no such signal.
  if (process.platform === 'win32') return
  process.on('SIGUSR2', () => {
    const level = log.level
    log.level = level === 'debug' ? before : 'debug'
    before = level
    log.warn({ now: log.level, before }, 'the level of the log has changed')
  })
}

function refuse(problems: string[]) {
  process.stderr.write(`Quaymaster cannot start:\n${problems.map((problem) => `  ${problem}\n`).join('')}`)
  process.exitCode = 1
}
