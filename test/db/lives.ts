import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'

const life = fileURLToPath(new URL('./life.ts', import.meta.url))

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

/** A bot's life on a directory, in a process of its own, until it is killed. */
export function startLife(dataDir: string, until: 'killed' | 'opened' = 'killed') {
  // PGlite's program is compiled once and quickly: a life is too short for more.
  const child = spawn(process.execPath, ['--liftoff-only', '--import', './src/db/load.ts', life, dataDir, until], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
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
  return { said, over, kill: () => child.kill('SIGKILL'), working: () => reached(() => said.wrote.length > 0) }
}

function reached(isThere: () => boolean | Promise<boolean>) {
  return expect.poll(isThere, { timeout: 120_000, interval: 10 }).toBe(true)
}

type Moment = (dataDir: string, one: ReturnType<typeof startLife>) => Promise<unknown>

/** Somewhere in the first initialisation: counted in what it has made, so that a busy machine does not move it. */
export const whileInitialising: Moment = async (dataDir) => {
  const made = Math.random() * 1_000
  await reached(async () => existsSync(join(dataDir, 'pglite')) || (await countOf(join(dataDir, 'pglite.new'))) >= made)
  await sleep(Math.random() * 1_000)
}

export const whileStarting: Moment = () => sleep(Math.random() * 2_000)

export const whileWorking: Moment = async (_, one) => {
  await one.working()
  await sleep(Math.random() * 300)
}

async function countOf(directory: string) {
  return (await readdir(directory, { recursive: true }).catch(() => [])).length
}

/** Kills a life at some moment, and adds what it had committed. */
export async function killLife(dataDir: string, committed: string[], moment: Moment) {
  const one = startLife(dataDir)
  await moment(dataDir, one)
  one.kill()
  expect(await one.over, one.said.errors).toBeNull() // it had not given up by itself
  if (one.said.found) expectWhole(one.said.found, committed)
  committed.push(...one.said.wrote)
}

/** Starts a life that is left alone, for what it finds. */
export async function lookAt(dataDir: string, committed: string[]) {
  const { said, over } = startLife(dataDir, 'opened')
  expect(await over, said.errors).toBe(0)
  if (!said.found) throw new Error('It did not say what it found.')
  expectWhole(said.found, committed)
  return said.found
}

function expectWhole({ rows, halves, broken }: Found, committed: string[]) {
  expect(new Set(committed).difference(new Set(rows))).toEqual(new Set())
  expect(halves).toEqual([])
  expect(broken).toBeUndefined()
}
