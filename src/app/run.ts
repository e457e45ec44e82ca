import { type Environment, isUnconfigured, readEnvironment } from '../core/config.ts'
import { errorFields } from '../core/error-fields.ts'
import { Failure } from '../core/failure.ts'
import { translator } from '../core/i18n.ts'
import { secretsOf } from '../core/log.ts'
import { redact } from '../core/redact.ts'

/** What was started. */
export const mode = await start().catch(ended('cannot start'))

async function start() {
  const environment = readEnvironment()
  const mode = isUnconfigured(environment) ? 'sandbox' : 'live'
  await (mode === 'sandbox' ? startSandbox(environment) : configured(environment)).catch(ended('cannot start', environment))
  return mode
}

async function configured(environment: Environment) {
  const { startLive } = await import('./serve.ts')
  await startLive(environment, stopOnSignal)
}

/** Nothing is configured: the real bot, against a simulated Slack and a simulated Quay. The image does not hold the folder. */
async function startSandbox(environment: Environment) {
  // Other threads read and compile the database while this one loads the rest.
  const { prepareMemory } = await import('../sandbox/start/memory-database.ts')
  prepareMemory()
  const { banner, openSandbox } = await import('../sandbox/main.ts')
  const opening = openSandbox(environment, { rateLimits: true, subscribed: true })
  let sandbox: Awaited<typeof opening> | undefined
  // The page is there before all is: whoever ends it then ends it as well.
  stopOnSignal(async () => sandbox?.stop())
  sandbox = await opening
  process.stdout.write(banner(sandbox.origin))
}

// Control-C reaches the bot twice: the terminal tells every process of `npm start`, and npm passes on what it was told.
const echo = 1_000

/** Stops once, gracefully. A second signal does not wait, unless it comes so soon (within `echo` ms) that it is the first again. */
function stopOnSignal(stop: () => Promise<void>) {
  let first: number | undefined
  const onSignal = (_: NodeJS.Signals, number: number) => {
    const now = performance.now()
    if (first !== undefined && now - first > echo) process.exit(128 + number)
    if (first !== undefined) return
    first = now
    void stop().then(() => process.exit(0), ended('could not stop as it should'))
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, onSignal)
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
  if (!(error instanceof Error)) return String(error)
  const { type, message, stack = '', cause } = errorFields(error)
  return [`${type}: ${message}`, stack, ...(cause === undefined ? [] : [JSON.stringify(cause)])].join('\n')
}
