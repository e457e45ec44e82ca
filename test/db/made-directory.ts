import { execFile } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { template } from '../../src/sandbox/start/memory-database.ts'

/** Puts an embedded database with all tables and queues into this directory: as a bot leaves it that was started and stopped. */
export async function makeDirectory(dataDir: string): Promise<void> {
  const files = join(dataDir, 'pglite')
  await mkdir(files, { mode: 0o700 })
  const dump = await template()
  await new Promise<void>((resolve, reject) => {
    const tar = execFile('tar', ['-x', '-C', files], (error) => (error ? reject(error) : resolve()))
    tar.stdin?.end(dump)
  })
}
