import { createHash, randomUUID } from 'node:crypto'
import { statSync } from 'node:fs'
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises'

const folder = new URL('../../../node_modules/.cache/quaymaster/', import.meta.url)

/** The file of a cached artefact for the next start: `bot-<key>.mjs`. The key identifies its inputs. */
export function cached(name: string): URL {
  return new URL(name, folder)
}

/**
 * A key for these files: it changes when one of them changes, is added or removed. By their times and sizes, because reading them
 * all takes four times as long; a copy of the sources with times of its own is only built again.
 */
export function keyOf(files: string[]): string {
  const hash = createHash('sha256')
  for (const file of files.toSorted()) {
    const { mtimeMs, size } = statSync(file)
    hash.update(`${file} ${mtimeMs} ${size}\n`)
  }
  return hash.digest('hex').slice(0, 20)
}

/**
 * Stores a build artefact and evicts older versions. Best effort: without write permission, as in the container, it is
 * built every time.
 */
export async function keep(name: string, content: string | Uint8Array): Promise<void> {
  const draft = cached(`${name}.${randomUUID()}`)
  try {
    await mkdir(folder, { recursive: true })
    await writeFile(draft, content)
    const [kind] = name.split('-')
    for (const old of await readdir(folder)) if (isOld(old, `${kind}-`, name)) await rm(cached(old), { force: true })
    // Renamed into place, so that a concurrent start sees the whole file or none.
    await rename(draft, cached(name))
  } catch {
    await rm(draft, { force: true }).catch(() => undefined)
  }
}

// Temporary files of other processes have a second dot, and are left alone.
function isOld(file: string, kind: string, name: string) {
  return file.startsWith(kind) && file !== name && file.split('.').length === 2
}
