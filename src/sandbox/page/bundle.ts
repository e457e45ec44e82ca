import { readdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { cached, keep, keyOf } from '../start/cache.ts'

export interface Bundle {
  script: string
  style: string
}

const app = fileURLToPath(new URL('app/', import.meta.url))
// Imports of the page from outside its folder.
const outside = ['../slack/emoji.ts', '../../quay/build-phase.ts'].map((file) => fileURLToPath(new URL(file, import.meta.url)))
const modules = fileURLToPath(new URL('../../../node_modules/', import.meta.url))
const packages = ['esbuild', 'react', 'react-dom', 'slack-blocks-to-jsx']

let latest: { key: string; bundle: Promise<Bundle> } | undefined

/** Script and style of the page, bundled again only if the sources have changed. */
export function bundlePage(): Promise<Bundle> {
  const key = contentKey()
  if (latest?.key !== key) {
    const bundle = fromCache(key)
    latest = { key, bundle }
    // A failed bundle is retried at the next request, because somebody is editing the sources.
    bundle.catch(() => (latest = undefined))
  }
  return latest.bundle
}

function contentKey() {
  const own = readdirSync(app, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(tsx?|css)$/.test(file))
    .map((file) => app + file)
  return keyOf([...packages.map((name) => `${modules}${name}/package.json`), ...outside, ...own])
}

async function fromCache(key: string): Promise<Bundle> {
  const name = `page-${key}.json`
  try {
    return JSON.parse(await readFile(cached(name), 'utf8')) as Bundle // written below
  } catch {
    const bundle = await build()
    await keep(name, JSON.stringify(bundle))
    return bundle
  }
}

async function build(): Promise<Bundle> {
  const esbuild = await import('esbuild')
  const { outputFiles } = await esbuild.build({
    entryPoints: { page: `${app}main.tsx` },
    bundle: true,
    minify: true,
    write: false,
    outdir: app,
    format: 'esm',
    target: 'es2023',
    jsx: 'automatic',
    define: { 'process.env.NODE_ENV': '"production"' },
    legalComments: 'none',
    logLevel: 'silent',
  })
  // Otherwise esbuild's process would run as long as the sandbox.
  await esbuild.stop()
  const text = (end: string) => outputFiles.find(({ path }) => path.endsWith(end))?.text ?? ''
  return { script: text('.js'), style: text('.css') }
}
