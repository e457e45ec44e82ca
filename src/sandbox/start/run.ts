import { ended, stopOnSignal } from '../../app/process.ts'
import { type Environment, isUnconfigured, readEnvironment } from '../../core/config.ts'

/** Says what was started: the sandbox, if nothing is configured; otherwise the configured bot. */
export const mode = await start().catch(ended('cannot start'))

async function start() {
  const environment = readEnvironment()
  if (isUnconfigured(environment)) {
    await startSandbox(environment).catch(ended('cannot start', environment))
    return 'sandbox'
  }
  await import('../../app/run.ts')
  return 'live'
}

/** The real bot with a simulated Slack and a simulated Quay. */
async function startSandbox(environment: Environment) {
  // Other threads read and compile the database while this one loads the rest.
  const { prepareMemory } = await import('./memory-database.ts')
  prepareMemory()
  const { banner, openSandbox } = await import('../main.ts')
  const opening = openSandbox(environment, { rateLimits: true, subscribed: true })
  let sandbox: Awaited<typeof opening> | undefined
  // The page is served before everything has started, and a signal then must stop the rest too.
  stopOnSignal(async () => sandbox?.stop())
  sandbox = await opening
  process.stdout.write(banner(sandbox.origin))
}
