import { enableCompileCache, flushCompileCache } from 'node:module'

// Node keeps what it has stripped of types and compiled, so that every start but the first takes about half the time. It has
// to be told before it loads anything, hence the imports below; where it may not write, as in the container, it goes without.
enableCompileCache()
await import('./db/load.ts')
await import('./run.ts')
// Killed, a process keeps nothing by itself; but this takes a tenth of a second, which whoever waits for the page should not wait.
setTimeout(flushCompileCache, 3_000).unref()
