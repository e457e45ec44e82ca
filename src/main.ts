import { existsSync } from 'node:fs'
import { enableCompileCache, flushCompileCache } from 'node:module'

// Node keeps what it has stripped of types and compiled, so that every start but the first takes about half the time. It has
// to be told before it loads anything, hence the imports below; where it may not write, as in the container, it goes without.
enableCompileCache()

// The image has no sandbox. Where there is one it decides whether it or the configured bot starts (sandbox/start/run.ts).
if (existsSync(new URL('./sandbox/', import.meta.url))) await import('./sandbox/start/main.ts')
else {
  await import('./db/load.ts')
  await import('./app/run.ts')
}

// Killed, a process keeps nothing by itself; but this takes a tenth of a second, for which nobody should wait.
setTimeout(flushCompileCache, 3_000).unref()
