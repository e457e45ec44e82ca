import { spawn } from 'node:child_process'
import { enableCompileCache, flushCompileCache } from 'node:module'
import { fileURLToPath } from 'node:url'

// Node keeps what it has stripped of types and compiled, so that every start but the first takes about half the time. It has
// to be told before it loads anything, hence the imports below; where it may not write, as in the container, it goes without.
enableCompileCache()
const { bundled } = await import('./sandbox/start/bundled.ts')
const bundle = bundled()
if (bundle) await import(bundle.href)
else await fromSources()
// Killed, a process keeps nothing by itself; but this takes a tenth of a second, which whoever waits for the page should not wait.
setTimeout(flushCompileCache, 3_000).unref()

async function fromSources() {
  await import('./db/load.ts')
  const { mode } = await import('./app/run.ts')
  // Beside this process, for the sandbox's next start. Without a bundle that is slower, and nothing else.
  if (mode !== 'sandbox') return
  const bundler = spawn(process.execPath, [fileURLToPath(new URL('./sandbox/bundle.ts', import.meta.url))], { stdio: 'ignore' })
  bundler.unref()
  // Whoever ends the bot wants nothing of it left behind.
  process.on('exit', () => void bundler.kill())
}
