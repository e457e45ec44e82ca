import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { setFlagsFromString } from 'node:v8'
import { PGlite } from '@electric-sql/pglite'
import { type Logger, pino } from 'pino'
import project from '../../../package.json' with { type: 'json' }
import type { Database } from '../../db/database.ts'
import { migrationHashes } from '../../db/migrate.ts'
import { startPglite } from '../../db/pglite.ts'
import { makeQueues, queues } from '../../db/queues.ts'
import { cached, keep } from './cache.ts'

declare global {
  // TypeScript's declarations of WebAssembly come with all of the browser's.
  namespace WebAssembly {
    function compile(bytes: Uint8Array): Promise<Module>
  }
}

/** A database in memory, for tests and the sandbox. Loaded from a dump, ten times as fast as a new one. */
export async function openMemory(log: Logger): Promise<Database> {
  const [dump, parts] = await Promise.all([template(), program()])
  return startPglite(await PGlite.create({ loadDataDir: new Blob([dump]), ...parts }), log, { isCurrent: true })
}

/** Starts what `openMemory` will wait for and other threads do: reading and compiling. */
export function prepareMemory() {
  void program()
  void template()
}

let dumped: Promise<Buffer<ArrayBuffer>> | undefined

/** The files of an embedded database with all tables and queues, as a tar file. To make them takes ten times as long as to unpack them. */
export function template() {
  dumped ??= Promise.try(() => readFileSync(cached(templateName()))).catch(makeTemplate)
  return dumped
}

// It is in memory with one client: large buffers and logs would only be copied and cleared at every start.
const small = [
  '--wal-segsize=1',
  ...['shared_buffers=16MB', 'max_connections=10', 'min_wal_size=2MB', 'max_wal_size=16MB', 'wal_recycle=off'].map((one) => `--set=${one}`),
]

async function makeTemplate() {
  const pglite = await PGlite.create({ ...(await program()), initDbStartParams: small })
  const { boss } = await startPglite(pglite, pino({ level: 'silent' }))
  await makeQueues(boss)
  await boss.stop({ graceful: false })
  // No database is created in it, and these are half of its files.
  await pglite.exec(`update pg_database set datistemplate = false where datname in ('template0', 'template1')`)
  for (const name of ['template0', 'template1']) await pglite.exec(`drop database ${name}`)
  // The dump contains all logs that are left, and only the last one is read again.
  await pglite.exec('select pg_switch_wal(); checkpoint; checkpoint')
  const dump = Buffer.from(await (await pglite.dumpDataDir('none')).arrayBuffer())
  await pglite.close()
  await keep(templateName(), dump)
  return dump
}

function templateName() {
  const versions = [project.dependencies['@electric-sql/pglite'], project.dependencies['pg-boss']]
  const name = createHash('sha256')
    .update(JSON.stringify([versions, migrationHashes(), queues, small]))
    .digest('hex')
  return `database-${name.slice(0, 16)}.tar`
}

let compiled: ReturnType<typeof compile> | undefined

/** PGlite compiles itself for every database, unless it is given a compiled module. */
function program() {
  compiled ??= compile()
  return compiled
}

async function compile() {
  // Optimizing a function takes longer than it saves unless it runs for long. A start runs a little of everything in Postgres and is
  // a tenth faster without it.
  setFlagsFromString('--wasm-tiering-budget=200000000')
  // Compiled in one piece, because pieces would each wait for their turn, and for the last of them.
  const module = WebAssembly.compile(readFileSync(partOf('pglite.wasm')))
  const fsBundle = new Blob([readFileSync(partOf('pglite.data'))])
  return { pgliteWasmModule: await module, fsBundle }
}

function partOf(name: string) {
  return fileURLToPath(import.meta.resolve(`@electric-sql/pglite/${name}`))
}
