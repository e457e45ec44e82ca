import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, onTestFinished } from 'vitest'
import type { Where } from '../src/db/database.ts'
import type { Live, Until } from './own-life.ts'
import { isCi } from './sized.ts'
import type { Simulators } from './start-simulators.ts'

interface Said<Row> {
  ready?: number
  /** What is not over yet, for who waits in vain. */
  open?: unknown
  rows?: Row[]
  errors: string
}

/** Bots of a file that is run in a process of its own, and `live`, what that file exports. */
export function livesOf<Row>(file: URL, live: Live) {
  const children = new Set<ChildProcess>()
  afterAll(() => {
    for (const child of children) child.kill('SIGKILL')
  })

  /** One that may be killed at any moment. */
  const startLife = ({ environment }: Simulators, database: Where, until: Until = 'killed') => {
    const settings = [fileURLToPath(file), JSON.stringify(environment), JSON.stringify(database), until]
    const child = spawn(process.execPath, ['--liftoff-only', '--import', './src/db/load.ts', ...settings], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    children.add(child)
    const said: Said<Row> = { errors: '' }
    child.stderr.on('data', (text) => {
      said.errors = `${said.errors}${text}`.slice(-4_000)
    })
    createInterface(child.stdout).on('line', (line) => {
      const [word, value] = JSON.parse(line)
      Object.assign(said, { [word]: value })
    })
    const over = once(child, 'exit').then(() => void children.delete(child))
    const ready = () => reached(() => said.ready !== undefined, said)
    return { said, over, ready, kill: () => child.kill('SIGKILL') }
  }

  // In this process: another takes longer to start than for all that the bot does.
  const startHere = ({ environment }: Simulators, database: Where, until: Until = 'killed') => {
    const said: Said<Row> = { errors: '' }
    const { promise: over, resolve } = Promise.withResolvers<void>()
    const life = live({ ...environment, LOG_LEVEL: 'fatal' }, database, until, (word, value) => {
      Object.assign(said, { [word]: value })
      if (word === 'rows') void end()
    })
    let ending: Promise<void> | undefined
    const end = () => {
      ending ??= life.then((stop) => stop()).then(resolve)
      return ending
    }
    onTestFinished(end)
    return { said, over, ready: () => life, kill: end }
  }

  /** `startUnkilled`: one that nobody kills, with `npm test` in the process of the test. */
  return { startLife, startUnkilled: isCi ? startLife : startHere }
}

/** Waits, and says what the bot has said if that is in vain. */
export function reached(isThere: () => boolean, said: { errors: string; open?: unknown }, timeout = 120_000) {
  return expect
    .poll(isThere, { timeout, interval: 50 })
    .toBe(true)
    .catch((error) => Promise.reject(new Error(`${error}\n${JSON.stringify(said.open)}\n${said.errors}`)))
}
