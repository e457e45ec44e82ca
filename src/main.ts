import { enableCompileCache, flushCompileCache } from 'node:module'

// Node keeps what it has stripped of types and compiled, so that every start but the first takes about half the time. It has
// to be told before it loads anything, hence the import below; where it may not write, as in the container, it goes without.
enableCompileCache()
await import('./run.ts')
flushCompileCache()
