import { registerHooks } from 'node:module'

// To know that a file is an ES module, Node parses the map of exports in its package's package.json anew for every file. That of
// drizzle-orm has 180 KB, for more than a hundred files: half a second of every start. Its files name one another in full, so
// they need no looking up. Whoever does not import this first waits that long, and nothing else.
registerHooks({
  resolve: (specifier, context, next) =>
    specifier.startsWith('.') && context.parentURL?.includes('/node_modules/drizzle-orm/')
      ? { url: new URL(specifier, context.parentURL).href, format: 'module', shortCircuit: true }
      : next(specifier, context),
})
