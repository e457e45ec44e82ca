import { createHash, randomUUID } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { setFlagsFromString } from 'node:v8'
import { PGlite } from '@electric-sql/pglite'
import { type Logger, pino } from 'pino'
import project from '../../package.json' with { type: 'json' }
import { makeQueues, queues } from '../jobs.ts'
import { migrationHashes } from './migrate.ts'
import type { Database } from './open.ts'
import { startPglite } from './pglite.ts'

declare global {
  // TypeScript's own declarations come with the browser's, which would declare far too much.
  namespace WebAssembly {
    function compile(bytes: Uint8Array): Promise<Module>
  }
}

const cache = new URL('../../node_modules/.cache/quaymaster/', import.meta.url)

/** A database that is gone when it is closed: for tests and the sandbox. Loaded from a dump, ten times as fast as made. */
export async function openMemory(log: Logger): Promise<Database> {
  const [dump, parts] = await Promise.all([template(), program()])
  return startPglite(await PGlite.create({ loadDataDir: new Blob([dump]), ...parts }), log)
}

/** Begins what `openMemory` will wait for and other threads do: reading and compiling. */
export function prepareMemory() {
  void template()
  void program()
}

let dumped: Promise<Buffer<ArrayBuffer>> | undefined

function template() {
  dumped ??= readFile(templateFile()).catch(makeTemplate)
  return dumped
}

async function makeTemplate() {
  const pglite = await PGlite.create(await program())
  const { boss } = await startPglite(pglite, pino({ level: 'silent' }))
  await makeQueues(boss)
  await boss.stop({ graceful: false })
  const dump = Buffer.from(await (await pglite.dumpDataDir('none')).arrayBuffer())
  await pglite.close()
  await keep(dump)
  return dump
}

/** Written aside and renamed, because several tests start at once. Where nothing may be written, every start makes its own. */
async function keep(dump: Buffer) {
  const unfinished = new URL(`${randomUUID()}.tmp`, cache)
  await mkdir(cache, { recursive: true })
    .then(() => writeFile(unfinished, dump))
    .then(() => rename(unfinished, templateFile()))
    .catch(() => undefined)
}

function templateFile() {
  const versions = [project.dependencies['@electric-sql/pglite'], project.dependencies['pg-boss']]
  const name = createHash('sha256')
    .update(JSON.stringify([versions, migrationHashes(), queues]))
    .digest('hex')
  return new URL(`${name.slice(0, 16)}.tar`, cache)
}

let compiled: ReturnType<typeof compile> | undefined

/** PGlite compiles itself anew for every database, unless it is given what it compiled before. */
function program() {
  compiled ??= compile()
  return compiled
}

async function compile() {
  // Until a function has run for long, compiling it better takes longer than it saves: a start in which Postgres runs a
  // little of everything is a tenth faster for it.
  setFlagsFromString('--wasm-tiering-budget=200000000')
  const [bytes, files] = await Promise.all([readFile(partOf('pglite.wasm')), readFile(partOf('pglite.data'))])
  return { pgliteWasmModule: await WebAssembly.compile(bytes), fsBundle: new Blob([files]) }
}

function partOf(name: string) {
  return fileURLToPath(import.meta.resolve(`@electric-sql/pglite/${name}`))
}
