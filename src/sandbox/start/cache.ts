import { createHash, randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises'

const folder = new URL('../../../node_modules/.cache/quaymaster/', import.meta.url)

/** Where something that was made once is kept for the next start: `bot-<key>.mjs`. The key says what it was made of. */
export function cached(name: string): URL {
  return new URL(name, folder)
}

/** A key for what is made of these files: another one as soon as one of them changes, comes or goes. */
export function keyOf(files: string[]): string {
  const hash = createHash('sha256')
  for (const file of files.toSorted()) hash.update(file).update(readFileSync(file))
  return hash.digest('hex').slice(0, 20)
}

/**
 * Keeps it, and takes away what was made of something else before. Where nothing may be written, as in the container, it is made
 * anew every time; nothing else comes of that.
 */
export async function keep(name: string, content: string | Uint8Array): Promise<void> {
  const draft = cached(`${name}.${randomUUID()}`)
  try {
    await mkdir(folder, { recursive: true })
    await writeFile(draft, content)
    const [kind] = name.split('-')
    for (const old of await readdir(folder)) if (isOld(old, `${kind}-`, name)) await rm(cached(old), { force: true })
    // Renamed into place: whoever starts at this moment sees the whole file or none.
    await rename(draft, cached(name))
  } catch {
    await rm(draft, { force: true }).catch(() => undefined)
  }
}

// Drafts of others have a second dot, and are theirs.
function isOld(file: string, kind: string, name: string) {
  return file.startsWith(kind) && file !== name && file.split('.').length === 2
}
