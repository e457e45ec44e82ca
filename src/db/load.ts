import { registerHooks } from 'node:module'

// To detect an ES module, Node parses the exports of the package's package.json for every file. That of drizzle-orm has 180 KB,
// for more than a hundred files, which takes half a second of every start. Its files import one another by full path, so they
// need no exports. Without this import first, a start only takes longer.
registerHooks({
  resolve: (specifier, context, next) =>
    specifier.startsWith('.') && context.parentURL?.includes('/node_modules/drizzle-orm/')
      ? { url: new URL(specifier, context.parentURL).href, format: 'module', shortCircuit: true }
      : next(specifier, context),
})
