import { existsSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { cached, keyOf } from './cache.ts'

const source = fileURLToPath(new URL('../../', import.meta.url))
const lock = fileURLToPath(new URL('../../../package-lock.json', import.meta.url))

/**
 * Everything that `run.ts` loads, in one file, if exactly these sources and packages were bundled before: to find and link 1,300
 * files takes half of a start. Like Node's compile cache it is only ever a copy: whoever changes a source runs the source.
 */
export function bundled(): URL | undefined {
  if (!existsSync(cached('../../'))) return undefined
  const file = cached(nameOfBundle())
  return existsSync(file) ? file : undefined
}

/** Under which name the bundle of these sources is kept. */
export function nameOfBundle() {
  // Faster than a glob, which loads a package of its own.
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' })
  const parts = files.filter((file) => /\.(ts|json)$/.test(file) && !file.startsWith('sandbox/page/app/'))
  return `bot-${keyOf([lock, ...parts.map((file) => source + file)])}.mjs`
}
