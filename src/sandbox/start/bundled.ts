import { existsSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { cached, keyOf } from './cache.ts'

const source = fileURLToPath(new URL('../../', import.meta.url))
const lock = fileURLToPath(new URL('../../../package-lock.json', import.meta.url))

/**
 * Loads everything that `run.ts` needs from one file, if exactly these sources and packages were bundled before: finding and linking
 * 1,300 files takes half of a start. The bundle is only a copy, like Node's compile cache: after a change the sources run.
 */
export function bundled(): URL | undefined {
  if (!existsSync(cached('../../'))) return undefined
  const file = cached(nameOfBundle())
  return existsSync(file) ? file : undefined
}

/** The cache key of the bundle of these sources. */
export function nameOfBundle() {
  // Faster than a glob, which would load a package of its own.
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' })
  const parts = files.filter((file) => /\.(ts|json)$/.test(file) && !file.startsWith('sandbox/page/app/'))
  return `bot-${keyOf([lock, ...parts.map((file) => source + file)])}.mjs`
}
