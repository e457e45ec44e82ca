import { readFileSync } from 'node:fs'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { Plugin } from 'esbuild'
import { nameOfBundle } from './bundled.ts'
import { keep } from './cache.ts'

const source = fileURLToPath(new URL('../../', import.meta.url))

/** Bundles the sources for the next start. Throws esbuild's error, also if it is not installed. */
export async function bundle(): Promise<void> {
  // Computed first, so that a source that changes meanwhile invalidates the bundle.
  const name = nameOfBundle()
  const esbuild = await import('esbuild')
  const { outputFiles } = await esbuild.build({
    entryPoints: [`${source}sandbox/start/run.ts`],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    // Located by their own path on disk, or not installed.
    external: ['@electric-sql/pglite', 'esbuild', 'pg-native'],
    plugins: [asIfInPlace],
    banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
    legalComments: 'none',
    // A start reads and decodes all of it. Names stay, for stack traces.
    minifyWhitespace: true,
    lineLimit: 160,
    logLevel: 'silent',
  })
  if (outputFiles[0]) await keep(name, outputFiles[0].contents)
}

/** Sources find files by their own path, and the registry its commands, so these paths are kept in the bundle. */
const asIfInPlace: Plugin = {
  name: 'as-if-in-place',
  setup: ({ onLoad }) => {
    onLoad({ filter: /\.ts$/ }, ({ path }) => {
      if (!path.startsWith(source)) return undefined
      const text = readFileSync(path, 'utf8').replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href))
      return { contents: path === `${source}command/registry.ts` ? withOperations(text) : text, loader: 'ts' }
    })
  },
}

/** For an import whose argument begins with a folder, esbuild includes all files in it. */
function withOperations(text: string) {
  const [before, after, ...more] = text.split('import(new URL(file, folder).href)')
  if (after === undefined || more.length > 0) throw new Error('registry.ts imports its operations in another way.')
  return `${before}import('../commands/' + file)${after}`
}

if (import.meta.main) await bundle()
