import { existsSync } from 'node:fs'
import { enableCompileCache, flushCompileCache } from 'node:module'

// Node caches the compiled code of all modules, which halves the time of every start but the first. This must be enabled before
// other modules load, hence the dynamic imports below. In the container, which is read-only, there is no cache.
enableCompileCache()

// The image does not contain the sandbox. Where it exists, it decides whether to start itself or the configured bot (sandbox/start/run.ts).
if (existsSync(new URL('./sandbox/', import.meta.url))) await import('./sandbox/start/main.ts')
else {
  await import('./db/load.ts')
  await import('./app/run.ts')
}

// A killed process does not write its cache by itself. Writing takes a tenth of a second, so it happens later.
setTimeout(flushCompileCache, 3_000).unref()
