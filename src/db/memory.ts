import { createHash, randomUUID } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { PGlite } from '@electric-sql/pglite'
import { type Logger, pino } from 'pino'
import project from '../../package.json' with { type: 'json' }
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
  template ??= readFile(templateFile()).catch(makeTemplate)
  return startPglite(await PGlite.create({ loadDataDir: new Blob([await template]), ...(await program()) }), log)
}

let template: Promise<Buffer<ArrayBuffer>> | undefined

async function makeTemplate() {
  const pglite = await PGlite.create(await program())
  const { boss } = await startPglite(pglite, pino({ level: 'silent' }))
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
    .update(JSON.stringify([versions, migrationHashes()]))
    .digest('hex')
  return new URL(`${name.slice(0, 16)}.tar`, cache)
}

let compiled: Promise<WebAssembly.Module> | undefined

/** PGlite compiles itself anew for every database, unless it is given what it compiled before. */
async function program() {
  compiled ??= readFile(partOf('pglite.wasm')).then((bytes) => WebAssembly.compile(bytes))
  return { pgliteWasmModule: await compiled, fsBundle: new Blob([await readFile(partOf('pglite.data'))]) }
}

function partOf(name: string) {
  return fileURLToPath(import.meta.resolve(`@electric-sql/pglite/${name}`))
}
