import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'

const life = fileURLToPath(new URL('./life.ts', import.meta.url))
const times = process.env.FAULTS === 'all' ? { initialising: 30, starting: 90, working: 80 } : { initialising: 3, starting: 9, working: 8 }

interface Found {
  id: string
  rows: string[]
  halves: unknown[]
  broken: unknown
}

interface Said {
  /** What it saw when it had started. */
  found?: Found
  /** What it has committed since. */
  wrote: string[]
  failure?: { message: string }
  errors: string
}

/** A bot's life on a directory, until it is killed. */
function start(dataDir: string, until: 'killed' | 'opened' = 'killed') {
  // PGlite's program is compiled once and quickly: a life is too short for more.
  const child = spawn(process.execPath, ['--liftoff-only', life, dataDir, until], { stdio: ['ignore', 'pipe', 'pipe'] })
  const said: Said = { wrote: [], errors: '' }
  child.stderr.on('data', (text) => {
    said.errors += text
  })
  const lines = createInterface(child.stdout).on('line', (line) => {
    const [word, value] = JSON.parse(line)
    if (word === 'wrote') said.wrote.push(value)
    else Object.assign(said, { [word]: value })
  })
  const over = Promise.all([once(child, 'exit'), once(lines, 'close')]).then(([[code]]) => code as number | null)
  const working = () =>
    expect.poll(() => said.wrote.length, { timeout: 60_000, interval: 10, message: 'it does not write' }).toBeGreaterThan(0)
  return { said, over, working, kill: () => child.kill('SIGKILL') }
}

async function temporary(whenOver: (work: () => Promise<void>) => void = onTestFinished) {
  const directory = await mkdtemp(join(tmpdir(), 'quaymaster-'))
  whenOver(() => rm(directory, { recursive: true, force: true }))
  return directory
}

/** Kills a life at a random moment of its start, or of its work, and adds what it had committed. */
async function killOne(dataDir: string, committed: string[], moment: { ofStart: number } | { ofWork: number }) {
  const one = start(dataDir)
  if ('ofWork' in moment) await one.working()
  await sleep(Math.random() * ('ofWork' in moment ? moment.ofWork : moment.ofStart))
  one.kill()
  expect(await one.over, one.said.errors).toBeNull() // it had not given up by itself
  if (one.said.found) expectWhole(one.said.found, committed)
  committed.push(...one.said.wrote)
}

async function lookAt(dataDir: string, committed: string[]) {
  const started = performance.now()
  const { said, over } = start(dataDir, 'opened')
  expect(await over, said.errors).toBe(0)
  if (!said.found) throw new Error('It did not say what it found.')
  expectWhole(said.found, committed)
  return { ...said.found, took: performance.now() - started }
}

function expectWhole({ rows, halves, broken }: Found, committed: string[]) {
  expect(new Set(committed).difference(new Set(rows))).toEqual(new Set())
  expect(halves).toEqual([])
  expect(broken).toBeUndefined()
}

let dataDir: string
let initialisation: { took: number; id: string }

beforeAll(async () => {
  dataDir = await temporary(afterAll)
  initialisation = await lookAt(dataDir, [])
})

test(`killed ${times.initialising} times while it first starts, it starts, and nothing half-made stays`, { timeout: 900_000 }, async () => {
  let directory = await temporary()
  const committed: string[] = []
  for (let time = 1; time <= times.initialising; time += 1) {
    if (committed.length > 0 || time % 5 === 0) directory = await temporary()
    committed.length = 0
    await killOne(directory, committed, { ofStart: initialisation.took * 1.2 })
  }
  await lookAt(directory, committed)
  expect((await readdir(directory)).filter((name) => name.startsWith('pglite'))).toEqual(['pglite'])
})

test(`killed ${times.starting} times while it starts and ${times.working} times while it works, it loses nothing`, {
  timeout: 900_000,
}, async () => {
  const committed: string[] = []
  const { took } = await lookAt(dataDir, committed)
  for (let time = 0; time < times.starting; time += 1) await killOne(dataDir, committed, { ofStart: took })
  for (let time = 0; time < times.working; time += 1) await killOne(dataDir, committed, { ofWork: 300 })
  const found = await lookAt(dataDir, committed)
  expect(found.id).toBe(initialisation.id)
  expect(committed.length).toBeGreaterThan(times.working)
})

test('two processes on one DATA_DIR: the second ends with a sentence, the first goes on', async () => {
  const first = start(dataDir)
  onTestFinished(async () => {
    first.kill()
    await first.over
  })
  await first.working()
  const second = start(dataDir)
  expect(await second.over).toBe(1)
  const sentence = 'Another Quaymaster is running on {directory}. Stop it first, or set DATA_DIR to a directory of its own.'
  expect(second.said).toMatchObject({ errors: '', failure: { message: sentence } })
  const before = first.said.wrote.length
  await expect.poll(() => first.said.wrote.length).toBeGreaterThan(before)
  expect((await stat(dataDir)).mode & 0o777).toBe(0o700)
})
