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
  const sandbox = await openSandbox(environment, { rateLimits: true, subscribed: true })
  process.stdout.write(banner(sandbox.origin))
  stopOnSignal(sandbox.stop)
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
  if (!(error instanceof Error)) return String(error)
  const { type, message, stack = '', cause } = errorFields(error)
  return [`${type}: ${message}`, stack, ...(cause === undefined ? [] : [JSON.stringify(cause)])].join('\n')
}
